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

package cloud.requence.samples.auditlog.evidence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Keeps each anchor in a file of its own, {@code <size>.anchor}. A file is never
 * overwritten, and has its name only when its content is on disk.
 */
final class DirectoryAnchorStore implements AnchorStore {

	private static final String SUFFIX = ".anchor";

	private static final long MAX_LENGTH = 100_000;

	private final Path directory;

	DirectoryAnchorStore(Path directory) {
		this.directory = directory;
	}

	@Override
	public @Nullable String last() throws IOException {
		List<Path> files = files();
		return files.isEmpty() ? null : read(files.get(files.size() - 1));
	}

	@Override
	public void add(long size, String text) throws IOException {
		Files.createDirectories(this.directory);
		Path file = this.directory.resolve(name(size));
		Path written = Files.createTempFile(this.directory, ".", ".part");
		try {
			Files.writeString(written, text, StandardCharsets.UTF_8);
			try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
				channel.force(true);
			}
			publish(written, file);
		}
		finally {
			Files.deleteIfExists(written);
		}
	}

	// A link fails if the file exists, which a rename does not. Not all file systems have
	// links.
	private static void publish(Path written, Path file) throws IOException {
		try {
			Files.createLink(file, written);
		}
		catch (FileAlreadyExistsException ex) {
			throw ex;
		}
		catch (IOException | UnsupportedOperationException ex) {
			Files.copy(written, file);
		}
	}

	@Override
	public void forEach(long from, Visitor visitor) throws IOException {
		String first = name(from);
		for (Path file : files()) {
			String name = file.getFileName().toString();
			if (name.compareTo(first) >= 0) {
				visitor.anchor(name, read(file));
			}
		}
	}

	// The order of the names is that of the sizes
	private static String name(long size) {
		return String.format("%020d%s", size, SUFFIX);
	}

	private List<Path> files() throws IOException {
		if (!Files.exists(this.directory)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().endsWith(SUFFIX))
				.sorted(Comparator.comparing((file) -> file.getFileName().toString()))
				.toList();
		}
	}

	private static String read(Path file) throws IOException {
		if (Files.size(file) > MAX_LENGTH) {
			throw new IOException(file + " is too large for an anchor");
		}
		return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return "directory " + this.directory;
	}

}
