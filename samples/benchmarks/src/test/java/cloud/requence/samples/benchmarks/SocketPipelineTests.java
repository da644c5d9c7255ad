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
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SocketPipeline}.
 */
class SocketPipelineTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 4, 9 })
	void keepsThePayloadOfEachUpdate(int step) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		UpdateTemplate.steps(Profile.M, false)[step].write(out, false, new UpdateTemplate.Id(1, 2, 3),
				UpdateTemplate.FIRST_POSITION);
		Probe probe = new Probe(false);
		new SocketPipeline(probe).event(out.toByteArray(), 0, out.size() - 2);
		AtomicReference<?> kept = (AtomicReference<?>) ReflectionTestUtils.getField(probe, "kept");
		assertThat(probe.updates()).isOne();
		assertThat(kept).hasValueMatching((value) -> value instanceof byte[] payload
				&& new String(payload, StandardCharsets.UTF_8).equals(Profile.M.payload()));
	}

}
