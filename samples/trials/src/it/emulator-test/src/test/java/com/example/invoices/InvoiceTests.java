package com.example.invoices;

import java.util.Map;

import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.test.TaskUpdateRecorder;
import cloud.requence.task.test.WithRequenceEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(properties = "requence.task.reconnect.delay=10ms")
@WithRequenceEmulator
class InvoiceTests {

	@Autowired
	private InvoiceListener listener;

	@Test
	void acknowledgesInvoices(RequenceEmulator emulator, TaskUpdateRecorder updates) {
		TaskScript task = emulator.task("invoice")
			.input(Map.of("number", "7", "amount", 12))
			.requireAck()
			.start()
			.end(null);
		TaskEnd end = updates.await(TaskEnd.class);
		assertThat(end.taskId()).isEqualTo(task.taskId());
		assertThat(this.listener.booked).contains(new InvoiceListener.Invoice("7", 12));
		await().until(() -> emulator.status(task.taskId()) == EmulatedTaskStatus.SUCCESSFUL);
	}

	@Test
	void survivesALostConnection(RequenceEmulator emulator, TaskUpdateRecorder updates) {
		emulator.faults().times(2).answer(503, "");
		emulator.disconnectAll();
		emulator.task("invoice").input(Map.of("number", "8", "amount", 5)).start().end(null);
		updates.await(TaskEnd.class);
		assertThat(this.listener.booked).contains(new InvoiceListener.Invoice("8", 5));
	}

}
