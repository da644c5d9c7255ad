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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import cloud.requence.samples.benchmarks.UpdateTemplate.Id;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UpdateTemplate}.
 */
class UpdateTemplateTests {

	private static String written(UpdateTemplate update, boolean chunked) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		update.write(out, chunked, new Id(11, 0xab, 0xcd), UpdateTemplate.FIRST_POSITION + 42);
		return out.toString(StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@EnumSource
	void isAnUpdateThatCanBeRead(Profile profile) throws IOException {
		String event = written(UpdateTemplate.steps(profile, false)[1], false);
		assertThat(event).startsWith("id: 1000000000000042\nevent: nodeUpdate\ndata: {\"taskId\":\"000000ab-")
			.endsWith("}\n\n");
		WireUpdate update = JsonMapper.builder()
			.build()
			.readValue(event.substring(event.indexOf('{')), WireUpdate.class);
		assertThat(update.taskId()).hasToString("000000ab-0000-4000-8000-000000000011");
		assertThat(update.updateId()).hasToString("000000cd-0000-4000-9000-000000000011");
		assertThat(update.payload()).isNotNull();
	}

	@Test
	void beginWithAStartAndCloseWithAnEnd() throws IOException {
		UpdateTemplate[] steps = UpdateTemplate.steps(Profile.S, true);
		assertThat(written(steps[0], false)).contains("event: taskStart\n");
		assertThat(written(steps[steps.length - 1], false)).contains("event: taskEnd\n")
			.contains("\"requireAck\":true");
	}

	@Test
	void isAChunkOfItsSize() throws IOException {
		UpdateTemplate update = UpdateTemplate.steps(Profile.M, false)[0];
		assertThat(written(update, true)).startsWith(Integer.toHexString(update.size()) + "\r\nid: ")
			.endsWith("\n\n\r\n");
	}

}
