package com.example.invoices;

import cloud.requence.task.TaskWatcher;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

@SpringBootTest
class WatchingTests {

	@MockitoBean
	private TaskWatcher watcher;

	@Test
	void pausesWhileItWorks(@Autowired Watching watching) {
		Runnable work = mock();
		watching.maintenance(work);
		InOrder order = inOrder(this.watcher, work);
		order.verify(this.watcher).pause();
		order.verify(work).run();
		order.verify(this.watcher).resume();
	}

}
