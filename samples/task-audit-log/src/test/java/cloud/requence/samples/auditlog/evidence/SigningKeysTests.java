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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SigningKeys}.
 */
class SigningKeysTests {

	@TempDir
	private Path directory;

	@RepeatedTest(20)
	void instancesThatStartTogetherGenerateOneKey() throws Exception {
		EvidenceProperties properties = new Binder(
				new MapConfigurationPropertySource(Map.of("audit.evidence.directory", this.directory)))
			.bind("audit.evidence", EvidenceProperties.class)
			.get();
		ExecutorService instances = Executors.newFixedThreadPool(4);
		try {
			List<Callable<String>> starts = Stream
				.<Callable<String>>generate(() -> () -> SigningKeys.load(properties).verifierKey().toString())
				.limit(4)
				.toList();
			for (Future<String> key : instances.invokeAll(starts)) {
				assertThat(key.get()).isEqualTo(SigningKeys.load(properties).verifierKey().toString());
			}
		}
		finally {
			instances.shutdown();
		}
		assertThat(this.directory).isDirectoryContaining((file) -> file.endsWith("signing-key.pem"));
	}

}
