package com.example.invoices;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.test.DisconnectedTaskWatchers;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
@DisconnectedTaskWatchers
class InvoiceApplicationTests {

	@Test
	void contextLoads(@Autowired TaskWatcher watcher) {
		assertThat(watcher.isRunning()).isFalse();
	}

}
