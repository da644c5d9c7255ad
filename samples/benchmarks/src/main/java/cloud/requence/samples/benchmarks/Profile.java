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

/**
 * How large the updates are.
 */
enum Profile {

	/** A third of a kilobyte: hardly more than the envelope. */
	S(0),

	/** Two kilobytes, nested. */
	M(15),

	/** 67 kilobytes. */
	L(610);

	private final int lines;

	Profile(int lines) {
		this.lines = lines;
	}

	/**
	 * Return the JSON of a payload, which can be read as an {@link Order}.
	 */
	String payload() {
		StringBuilder json = new StringBuilder("{\"number\":\"2026-117\",\"lines\":[");
		for (int i = 0; i < this.lines; i++) {
			json.append((i > 0) ? "," : "")
				.append("{\"article\":{\"id\":\"A-")
				.append(10_000 + i)
				.append("\",\"text\":\"A screw, 4 \u00d7 30 mm, zinc-plated\"},\"count\":")
				.append(1 + i % 9)
				.append(",\"price\":")
				.append(i)
				.append(".25,\"delivered\":")
				.append(i % 2 == 0)
				.append('}');
		}
		return json.append("]}").toString();
	}

}
