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

package cloud.requence.emulator.application;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the command line says, and where it says nothing, the environment.
 *
 * @param host the address to listen on
 * @param port the port
 * @param baseUrl the address in the access token, if it is another one
 * @param secret the secret in the access token
 * @param rate how many tasks begin in a minute, 0 for none
 * @param speed how many times as fast as normal all goes
 * @param seed the seed of all that happens
 */
record Options(String host, int port, @Nullable URI baseUrl, String secret, double rate, double speed, long seed) {

	private static final Set<String> NAMES = Set.of("host", "port", "base-url", "secret", "rate", "speed", "seed");

	/**
	 * Read the command line and the environment.
	 * @param environment the environment: {@code --base-url} is called
	 * {@code REQUENCE_EMULATOR_BASE_URL} there, and so on
	 * @param args the arguments, each {@code --name=value}
	 * @return the options
	 * @throws IllegalArgumentException if an argument is no option, or its value is wrong
	 */
	static Options parse(Map<String, String> environment, String... args) {
		Map<String, String> values = new HashMap<>();
		NAMES.forEach((name) -> values.compute(name, (key, none) -> environment.get(variable(key))));
		for (String arg : args) {
			String[] parts = arg.split("=", 2);
			String name = parts[0].startsWith("--") ? parts[0].substring(2) : "";
			if (parts.length < 2 || !NAMES.contains(name)) {
				throw new IllegalArgumentException(arg + " is none of the options --name=value, where name is one of "
						+ String.join(", ", NAMES.stream().sorted().toList()));
			}
			values.put(name, parts[1]);
		}
		String baseUrl = values.get("base-url");
		return new Options(values.getOrDefault("host", "127.0.0.1"),
				Integer.parseInt(values.getOrDefault("port", "9420")), (baseUrl != null) ? URI.create(baseUrl) : null,
				values.getOrDefault("secret", "emulator-secret"), Double.parseDouble(values.getOrDefault("rate", "30")),
				Double.parseDouble(values.getOrDefault("speed", "1")),
				Long.parseLong(values.getOrDefault("seed", "1")));
	}

	private static String variable(String name) {
		return "REQUENCE_EMULATOR_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
	}

}
