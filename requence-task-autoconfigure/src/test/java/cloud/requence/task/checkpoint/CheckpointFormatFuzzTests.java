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
package cloud.requence.task.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.Mutations;
import cloud.requence.task.Mutations.Input;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes {@link CheckpointFormat}.
 */
class CheckpointFormatFuzzTests {

	private static final String SECRET = "of the task 4711";

	private final CheckpointFormat format = new CheckpointFormat();

	@Property
	void aCheckpointIsReadOrRefused(@ForAll("checkpoints") Input input) {
		Checkpoint read;
		try {
			read = this.format.read(input.text(), "the store");
		}
		catch (CheckpointException ex) {
			assertThat(ex).message().contains("the store").doesNotContain(SECRET);
			return;
		}
		assertThat(this.format.read(this.format.write(read), "the store")).isEqualTo(read);
	}

	@Provide
	Arbitrary<Input> checkpoints() {
		return Mutations.of(List.of(bytes("""
				{"version":1,"baseUrl":"https://example.com/api","since":"2026-11-23T10:00:00Z","position":42,\
				"acknowledgements":["of the task 4711","b"],"writer":"0a1b2c3d","revision":7}"""), bytes("""
				{"version":1,"baseUrl":"https://example.com/api","since":"2026-11-23T10:00:00Z",\
				"writer":"0a1b2c3d","revision":0}""")), 1);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
