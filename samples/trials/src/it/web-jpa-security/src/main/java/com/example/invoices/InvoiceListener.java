package com.example.invoices;

import cloud.requence.task.TaskEnd;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class InvoiceListener {

	private final BookingRepository bookings;

	private final BookingPolicy policy;

	InvoiceListener(BookingRepository bookings, BookingPolicy policy) {
		this.bookings = bookings;
		this.policy = policy;
	}

	@EventListener
	void invoiceDone(TaskEnd end) {
		this.policy.check(this.bookings.save(new Booking(end.name())));
	}

}
