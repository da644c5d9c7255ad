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

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What to run, and how.
 *
 * @param suites what to compare
 * @param profiles the sizes of updates
 * @param pipelines the names of the pipelines, or a part of them; all if empty
 * @param rounds how often; of an odd number there is a median
 * @param starts how often an application is started
 * @param warmUp how many seconds come before each measurement
 * @param time how long each measurement takes
 * @param scale the number of tasks and updates of the suites that count them, as a
 * percentage
 * @param sizes how many sizes of each thing that grows
 * @param java the JDK that runs the pipelines
 * @param jvm further options of their JVMs
 * @param docs the directory of the reports and plots
 */
record Options(Set<Suite> suites, Set<Profile> profiles, List<String> pipelines, int rounds, int starts, int warmUp,
		Duration time, int scale, int sizes, Path java, List<String> jvm, Path docs) {

	private static final Set<String> NAMES = new TreeSet<>(List.of("suites", "profiles", "pipelines", "rounds",
			"starts", "warm-up", "seconds", "scale", "sizes", "java", "jvm", "docs"));

	/**
	 * Read options.
	 * @param args the arguments, such as {@code --rounds=3}
	 * @return the options
	 * @throws IllegalArgumentException if there is no such option, or not with that value
	 */
	static Options of(String... args) {
		SimpleCommandLinePropertySource source = new SimpleCommandLinePropertySource(args);
		for (String name : source.getPropertyNames()) {
			if (!NAMES.contains(name)) {
				throw new IllegalArgumentException(
						"There is no option '--" + name + "', but " + String.join(", ", NAMES));
			}
		}
		Values values = new Values(source);
		return new Options(values.constants("suites", Suite.class), values.constants("profiles", Profile.class),
				values.list("pipelines"), values.number("rounds", 3), values.number("starts", 15),
				values.number("warm-up", 3), values.seconds("seconds", Duration.ofSeconds(2)),
				values.number("scale", 100), values.number("sizes", 3),
				values.path("java", System.getProperty("java.home")), values.list("jvm"),
				values.path("docs", "../../docs"));
	}

	/**
	 * Return whether a pipeline is wanted.
	 */
	boolean includes(Pipeline pipeline) {
		return this.pipelines.isEmpty() || this.pipelines.stream().anyMatch(pipeline.label()::contains);
	}

	/**
	 * Return how many seconds each measurement takes.
	 */
	String seconds() {
		return BigDecimal.valueOf(this.time.toMillis(), 3).stripTrailingZeros().toPlainString();
	}

	/**
	 * Return a number of tasks or updates.
	 */
	int scaled(int number) {
		return Math.toIntExact((long) number * this.scale / 100);
	}

	/**
	 * The values of options.
	 *
	 * @param source what was given
	 */
	private record Values(SimpleCommandLinePropertySource source) {

		private <T> T value(String name, Function<String, T> reader, T preset) {
			@Nullable String value = this.source.getProperty(name);
			return (value != null) ? reader.apply(value) : preset;
		}

		int number(String name, int preset) {
			return value(name, Integer::valueOf, preset);
		}

		Duration seconds(String name, Duration preset) {
			return value(name, (seconds) -> Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue()),
					preset);
		}

		Path path(String name, String preset) {
			return value(name, Path::of, Path.of(preset)).toAbsolutePath().normalize();
		}

		List<String> list(String name) {
			return value(name, (value) -> Arrays.stream(value.split(",")).map(String::trim).toList(), List.of());
		}

		<E extends Enum<E>> Set<E> constants(String name, Class<E> type) {
			List<String> chosen = list(name);
			Set<E> constants = new TreeSet<>();
			chosen.forEach((constant) -> constants.add(Enum.valueOf(type, constant.toUpperCase(Locale.ROOT))));
			return chosen.isEmpty() ? new TreeSet<>(List.of(type.getEnumConstants())) : constants;
		}

	}

}
