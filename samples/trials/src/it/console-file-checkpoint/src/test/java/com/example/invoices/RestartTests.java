package com.example.invoices;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.junit.RequenceEmulatorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(RequenceEmulatorExtension.class)
class RestartTests {

	@TempDir
	private Path directory;

	@Test
	void continuesWhereItWas(RequenceEmulator emulator) {
		try (ConfigurableApplicationContext application = start(emulator)) {
			invoice(emulator, "first");
			await().untilAsserted(() -> assertThat(journal()).containsExactly("first"));
		}
		assertThat(this.directory.resolve("checkpoint")).exists();
		invoice(emulator, "while it is down");
		try (ConfigurableApplicationContext application = start(emulator)) {
			invoice(emulator, "last");
			await().untilAsserted(() -> assertThat(journal()).containsExactly("first", "while it is down", "last"));
		}
	}

	private ConfigurableApplicationContext start(RequenceEmulator emulator) {
		return SpringApplication.run(InvoiceApplication.class, "--REQUENCE_ACCESS_TOKEN=" + emulator.accessToken(),
				"--invoices.journal=" + this.directory.resolve("journal"),
				"--requence.task.checkpoint.file=" + this.directory.resolve("checkpoint"));
	}

	private static void invoice(RequenceEmulator emulator, String name) {
		emulator.task("invoice").name(name).start().end(null);
	}

	private List<String> journal() throws Exception {
		Path journal = this.directory.resolve("journal");
		return Files.exists(journal) ? Files.readAllLines(journal) : List.of();
	}

}
