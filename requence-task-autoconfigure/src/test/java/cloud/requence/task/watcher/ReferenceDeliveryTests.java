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

package cloud.requence.task.watcher;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import cloud.requence.emulator.TaskScript;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskReferenceException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Updates with references that must not be followed, or cannot be.
 */
class ReferenceDeliveryTests {

	private final WatchedEmulator watched = new WatchedEmulator();

	@AfterEach
	void close() {
		this.watched.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:///etc/passwd", "http://169.254.169.254/latest/meta-data", "http://[::1]:1/x",
			"http://localhost.example/x", "ftp://127.0.0.1/x", "http://127.0.0.1:1/x" })
	void areDeliveredLikeAllOthers(String url) {
		List<@Nullable Throwable> failures = new CopyOnWriteArrayList<>();
		this.watched.watch((update) -> {
			this.watched.updates().add(update);
			if (update instanceof NodeUpdate node) {
				try {
					node.data().as(JsonNode.class);
					failures.add(null);
				}
				catch (TaskReferenceException ex) {
					failures.add(ex);
				}
			}
		}, (builder) -> {
		});
		TaskScript task = this.watched.emulator().task("invoice").start();
		task.nodeUpdate("scan", Map.of("__REQUENCE_type", "ClaimCheck", "url", url, "size", 10_000_000_000L))
			.end(Map.of("total", 24));
		this.watched.awaitAllOnceInOrder();
		assertThat(this.watched.updates()).hasSize(3);
		assertThat(failures).singleElement()
			.asInstanceOf(InstanceOfAssertFactories.THROWABLE)
			.hasMessageNotContaining(url);
	}

}
