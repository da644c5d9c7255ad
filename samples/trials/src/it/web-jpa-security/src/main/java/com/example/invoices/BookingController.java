package com.example.invoices;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BookingController {

	private final BookingRepository bookings;

	BookingController(BookingRepository bookings) {
		this.bookings = bookings;
	}

	@GetMapping("/bookings")
	List<String> bookings() {
		return this.bookings.findAll().stream().map(Booking::getInvoice).toList();
	}

}
