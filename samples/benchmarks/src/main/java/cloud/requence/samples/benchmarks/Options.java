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

package cloud.requence.samples.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What to run, and how.
 *
 * @param suites what to compare
 * @param profiles the sizes of updates
 * @param rounds how often; of an odd number there is a median
 * @param warmUp how many seconds come before each measurement
 * @param seconds how many seconds each measurement takes
 * @param java the JDK that runs the pipelines
 * @param report where the report goes
 */
record Options(Set<Suite> suites, Set<Profile> profiles, int rounds, int warmUp, int seconds, Path java, Path report) {

	/**
	 * Read options.
	 * @param args the arguments, such as {@code --rounds=3}
	 * @return the options
	 * @throws IllegalArgumentException if there is no such option, or not with that value
	 */
	static Options of(String... args) {
		SimpleCommandLinePropertySource source = new SimpleCommandLinePropertySource(args);
		List<String> known = List.of("java", "profiles", "report", "rounds", "seconds", "suites", "warm-up");
		for (String name : source.getPropertyNames()) {
			if (!known.contains(name)) {
				throw new IllegalArgumentException(
						"There is no option '--" + name + "', but " + String.join(", ", known));
			}
		}
		return new Options(constants(source, "suites", Suite.class, EnumSet.allOf(Suite.class)),
				constants(source, "profiles", Profile.class, EnumSet.allOf(Profile.class)),
				option(source, "rounds", Integer::valueOf, 3), option(source, "warm-up", Integer::valueOf, 6),
				option(source, "seconds", Integer::valueOf, 5),
				option(source, "java", Path::of, Path.of(System.getProperty("java.home"))),
				option(source, "report", Path::of, Path.of("target", "benchmarks.md")));
	}

	private static <T> T option(SimpleCommandLinePropertySource source, String name, Function<String, T> reader,
			T preset) {
		String value = source.getProperty(name);
		return (value != null) ? reader.apply(value) : preset;
	}

	private static <E extends Enum<E>> Set<E> constants(SimpleCommandLinePropertySource source, String name,
			Class<E> type, Set<E> preset) {
		String value = source.getProperty(name);
		if (value == null) {
			return preset;
		}
		List<E> chosen = Arrays.stream(value.split(","))
			.map((constant) -> Enum.valueOf(type, constant.trim().toUpperCase(Locale.ROOT)))
			.toList();
		return EnumSet.copyOf(chosen);
	}

}
