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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.CheckpointUnavailableException;
import cloud.requence.task.support.Printable;

/**
 * Keeps a checkpoint in a file. It is replaced as a whole and forced to the disk, so that
 * a crash leaves the one or the other. If it is a symbolic link, the file that it leads
 * to is replaced. Beside that file, {@code name}, lie {@code .name.lock}, which keeps
 * processes that share the file from each other, and for moments {@code .name.tmp}: no
 * other watcher's file has such a name.
 */
public final class FileCheckpointStore implements CheckpointStore {

	private static final Log logger = LogFactory.getLog(FileCheckpointStore.class);

	private static final String REMEDY = "Set 'requence.task.checkpoint.file' to a file that the application may"
			+ " write, in a persistent directory.";

	private static final int MAX_LINKS = 40;

	private static final int MAX_MESSAGE_LENGTH = 500;

	private final Path file;

	/**
	 * Create a store.
	 * @param file the file, which need not exist; relative to the working directory of
	 * the application
	 */
	public FileCheckpointStore(Path file) {
		Assert.notNull(file, "'file' must not be null");
		this.file = file.toAbsolutePath().normalize();
	}

	@Override
	public @Nullable String load() {
		try {
			return Files.readString(this.file);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (IOException ex) {
			throw failure("cannot be read", ex);
		}
	}

	@Override
	public boolean compareAndSet(@Nullable String expected, String checkpoint) {
		try {
			Path target = target();
			Files.createDirectories(Objects.requireNonNull(target.getParent()));
			try (FileChannel channel = FileChannel.open(beside(target, ".lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock held = channel.lock()) {
				Assert.state(held.isValid(), "The lock is not valid");
				if (!Objects.equals(load(), expected)) {
					return false;
				}
				replace(target, checkpoint);
				return true;
			}
		}
		catch (IOException ex) {
			throw failure("cannot be written", ex);
		}
		catch (OverlappingFileLockException ex) {
			throw failure("is used by another watcher of this application", ex);
		}
	}

	/**
	 * Follow symbolic links, which may lead to a file that is not there yet.
	 */
	private Path target() throws IOException {
		Path target = this.file;
		for (int i = 0; Files.isSymbolicLink(target); i++) {
			if (i == MAX_LINKS) {
				throw new FileSystemLoopException(this.file.toString());
			}
			target = target.resolveSibling(Files.readSymbolicLink(target));
		}
		return target;
	}

	private static Path beside(Path file, String extension) {
		return file.resolveSibling("." + file.getFileName() + extension);
	}

	private static void replace(Path file, String checkpoint) throws IOException {
		Path temporary = beside(file, ".tmp");
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			ByteBuffer bytes = ByteBuffer.wrap(checkpoint.getBytes(StandardCharsets.UTF_8));
			while (bytes.hasRemaining()) {
				channel.write(bytes);
			}
			channel.force(true);
		}
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		force(Objects.requireNonNull(file.getParent()));
	}

	/**
	 * Without it the old file may be back after a loss of power.
	 */
	private static void force(Path directory) {
		try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
		catch (IOException ex) {
			logger.debug("This file system does not force directories to the disk", ex);
		}
	}

	private CheckpointException failure(String problem, Exception cause) {
		return new CheckpointUnavailableException(
				"The checkpoint in " + this + " " + problem + " (" + describe(cause) + ")", REMEDY, cause);
	}

	/**
	 * The message of an exception of the file system is the name of a file, and a reason
	 * if the class is none.
	 */
	private static String describe(Exception cause) {
		String message = cause.getMessage();
		return cause.getClass().getSimpleName()
				+ ((message != null) ? ": " + Printable.name(message, MAX_MESSAGE_LENGTH) : "");
	}

	@Override
	public String toString() {
		return "file '" + this.file + "'";
	}

}
