package com.example.invoices;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

@Entity
class Booking {

	@Id
	@GeneratedValue
	private Long id;

	private String invoice;

	protected Booking() {
	}

	Booking(String invoice) {
		this.invoice = invoice;
	}

	String getInvoice() {
		return this.invoice;
	}

}
