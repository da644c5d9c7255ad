package com.example.invoices;

import org.springframework.stereotype.Component;

@Component
class BookingPolicy {

	void check(Booking booking) {
		if (booking.getInvoice() == null) {
			throw new IllegalArgumentException("An invoice has no name");
		}
	}

}
