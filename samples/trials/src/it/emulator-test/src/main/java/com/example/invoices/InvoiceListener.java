package com.example.invoices;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class InvoiceListener {

	final List<Invoice> booked = new CopyOnWriteArrayList<>();

	@EventListener
	void invoiceDone(TaskEnd end) {
		TaskPayload input = end.context().input();
		if (input != null) {
			this.booked.add(input.as(Invoice.class));
		}
	}

	record Invoice(String number, int amount) {
	}

}
