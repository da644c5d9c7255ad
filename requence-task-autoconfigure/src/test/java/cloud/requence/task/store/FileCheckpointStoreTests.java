/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package cloud.requence.task.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import cloud.requence.task.CheckpointException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FileCheckpointStore}.
 */
class FileCheckpointStoreTests {

	@TempDir
	private Path directory;

	private Path file;

	private FileCheckpointStore store;

	@BeforeEach
	void create() {
		this.file = this.directory.resolve("state").resolve("requence-task.checkpoint");
		this.store = new FileCheckpointStore(this.file);
	}

	@Test
	void isEmptyAtFirst() {
		assertThat(this.store.load()).isNull();
		assertThat(this.file).doesNotExist();
	}

	@Test
	void keepsWhatWasStored() {
		assertThat(this.store.compareAndSet(null, "one")).isTrue();
		assertThat(this.store.compareAndSet("one", "two – zwei")).isTrue();
		assertThat(this.store.load()).isEqualTo("two – zwei");
		assertThat(new FileCheckpointStore(this.file).load()).isEqualTo("two – zwei");
		assertThat(this.file).hasContent("two – zwei");
	}

	@Test
	void keepsWhatOthersHaveStored() {
		this.store.compareAndSet(null, "one");
		FileCheckpointStore other = new FileCheckpointStore(this.file);
		assertThat(other.compareAndSet("one", "other")).isTrue();
		assertThat(this.store.compareAndSet("one", "two")).isFalse();
		assertThat(this.store.compareAndSet(null, "two")).isFalse();
		assertThat(this.store.load()).isEqualTo("other");
	}

	@Test
	void replacesTheFileAsAWhole() throws IOException {
		this.store.compareAndSet(null, "one");
		Object before = Files.getAttribute(this.file, "unix:ino");
		this.store.compareAndSet("one", "two");
		assertThat(Files.getAttribute(this.file, "unix:ino")).isNotEqualTo(before);
		try (Stream<Path> files = Files.list(this.file.getParent())) {
			assertThat(files).extracting(Path::getFileName)
				.extracting(Path::toString)
				.containsExactlyInAnyOrder("requence-task.checkpoint", ".requence-task.checkpoint.lock");
		}
	}

	@Test
	void takesNoNoticeOfWhatACrashHasLeft() throws IOException {
		this.store.compareAndSet(null, "one");
		Files.writeString(this.file.resolveSibling(".requence-task.checkpoint.tmp"), "half a check");
		assertThat(this.store.load()).isEqualTo("one");
		assertThat(this.store.compareAndSet("one", "two")).isTrue();
		assertThat(this.store.load()).isEqualTo("two");
	}

	@Test
	void replacesTheFileThatALinkLeadsTo() throws IOException {
		Path volume = Files.createDirectories(this.directory.resolve("volume"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"),
				Path.of("volume").resolve("requence-task.checkpoint"));
		Path linkToLink = Files.createSymbolicLink(this.directory.resolve("link-to-link"), link);
		FileCheckpointStore linked = new FileCheckpointStore(linkToLink);
		assertThat(linked.load()).isNull();
		assertThat(linked.compareAndSet(null, "one")).isTrue();
		assertThat(linked.compareAndSet("one", "two")).isTrue();
		assertThat(link).isSymbolicLink();
		assertThat(linkToLink).isSymbolicLink();
		assertThat(volume.resolve("requence-task.checkpoint")).hasContent("two");
		assertThat(new FileCheckpointStore(volume.resolve("requence-task.checkpoint")).compareAndSet("two", "three"))
			.isTrue();
		assertThat(linked.load()).isEqualTo("three");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tmp", "lock", "probe" })
	void hasNoFilesWithNamesOfOtherWatchers(String watcher) {
		FileCheckpointStore other = new FileCheckpointStore(
				this.file.resolveSibling("requence-task.checkpoint." + watcher));
		assertThat(this.store.compareAndSet(null, "one")).isTrue();
		assertThat(other.load()).isNull();
		assertThat(other.compareAndSet(null, "other")).isTrue();
		assertThat(this.store.compareAndSet("one", "two")).isTrue();
		assertThat(other.compareAndSet("other", "another")).isTrue();
		assertThat(this.store.load()).isEqualTo("two");
		assertThat(other.load()).isEqualTo("another");
	}

	@Test
	void saysWhichFileCannotBeUsed() throws IOException {
		Path noDirectory = Files.writeString(this.directory.resolve("file"), "");
		FileCheckpointStore impossible = new FileCheckpointStore(noDirectory.resolve("checkpoint"));
		assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> impossible.compareAndSet(null, "one"))
			.withMessageContaining("file '" + noDirectory.resolve("checkpoint") + "' cannot be written")
			.withMessageContaining("FileAlreadyExistsException: " + noDirectory + ")")
			.satisfies((ex) -> assertThat(ex.remedy()).contains("file that the application may write"));
		assertThatExceptionOfType(CheckpointException.class)
			.isThrownBy(() -> new FileCheckpointStore(this.directory).load())
			.withMessageContaining("cannot be read");
	}

}
