package com.example.invoices;

import cloud.requence.task.TaskWatcher;

import org.springframework.stereotype.Service;

@Service
class Watching {

	private final TaskWatcher watcher;

	Watching(TaskWatcher watcher) {
		this.watcher = watcher;
	}

	void maintenance(Runnable work) {
		this.watcher.pause();
		try {
			work.run();
		}
		finally {
			this.watcher.resume();
		}
	}

}
