package com.example.invoices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import cloud.requence.task.TaskEnd;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class Journal {

	private final Path file;

	Journal(@Value("${invoices.journal}") Path file) {
		this.file = file;
	}

	@EventListener
	void done(TaskEnd end) throws IOException {
		Files.writeString(this.file, end.name() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
