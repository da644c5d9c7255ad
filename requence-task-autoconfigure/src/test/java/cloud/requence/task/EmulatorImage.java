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

package cloud.requence.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The emulator as an image, built of what its module has made. The environment variable
 * {@code REQUENCE_EMULATOR_BASE_IMAGE} names another base image than the Dockerfile.
 */
public final class EmulatorImage {

	private EmulatorImage() {
	}

	/**
	 * Return the image, which is built when it is first used.
	 */
	public static Future<String> build() {
		Path module = module();
		ImageFromDockerfile image = new ImageFromDockerfile("requence-emulator:tests", false);
		for (String part : new String[] { "Dockerfile", "target/classes", "target/libraries" }) {
			image.withFileFromPath(part, module.resolve(part).normalize());
		}
		return image.withBuildArg("BASE_IMAGE", baseImage());
	}

	static String baseImage() {
		String baseImage = System.getenv("REQUENCE_EMULATOR_BASE_IMAGE");
		if (baseImage != null) {
			return baseImage;
		}
		String argument = "ARG BASE_IMAGE=";
		try (Stream<String> lines = Files.lines(module().resolve("Dockerfile"))) {
			return lines.filter((line) -> line.startsWith(argument))
				.findFirst()
				.orElseThrow()
				.substring(argument.length());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path module() {
		return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../samples/requence-emulator");
	}

}
