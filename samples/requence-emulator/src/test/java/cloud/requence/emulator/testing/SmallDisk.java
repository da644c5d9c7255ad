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

package cloud.requence.emulator.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A disk that can be filled, where this process may mount one.
 */
public final class SmallDisk {

	private final Path directory;

	private final Path filler;

	private final boolean mounted;

	private SmallDisk(Path directory, boolean mounted) {
		this.directory = directory;
		this.filler = directory.resolve("filler");
		this.mounted = mounted;
	}

	/**
	 * Mount a disk in place of a directory, which stays an ordinary one if that is not
	 * possible.
	 */
	public static SmallDisk mountedAt(Path directory) throws InterruptedException {
		return new SmallDisk(directory, run("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", directory.toString()));
	}

	/**
	 * Skip the test if no disk can be mounted.
	 */
	public void assumeMounted() {
		assumeThat(this.mounted).as("a disk can be mounted").isTrue();
	}

	/**
	 * Leave no room for another block.
	 */
	public void fill() throws IOException {
		byte[] block = new byte[4096];
		Arrays.fill(block, (byte) 1);
		try (OutputStream output = Files.newOutputStream(this.filler)) {
			while (true) {
				output.write(block);
			}
		}
		catch (IOException ex) {
			if (!String.valueOf(ex.getMessage()).contains("No space left")) {
				throw ex;
			}
		}
	}

	public void free() throws IOException {
		Files.delete(this.filler);
	}

	public void unmount() throws InterruptedException {
		if (this.mounted) {
			run("umount", "--lazy", this.directory.toString());
		}
	}

	private static boolean run(String... command) throws InterruptedException {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
