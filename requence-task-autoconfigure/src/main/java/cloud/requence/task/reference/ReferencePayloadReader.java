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

package cloud.requence.task.reference;

import java.lang.reflect.Type;

import cloud.requence.task.PayloadReader;

/**
 * Reads payloads with references: claim checks are replaced by their values, files and
 * streams can be opened.
 */
public final class ReferencePayloadReader implements PayloadReader {

	private final PayloadReader delegate;

	private final ClaimChecks claimChecks;

	/**
	 * Create a reader.
	 * @param delegate reads inline values
	 * @param loader fetches referenced values
	 */
	public ReferencePayloadReader(PayloadReader delegate, ReferenceLoader loader) {
		this.delegate = delegate.withModule(new ReferenceModule(loader));
		this.claimChecks = new ClaimChecks(loader);
	}

	@Override
	public <T> T read(byte[] json, Type type) {
		return this.delegate.read(json, type);
	}

	@Override
	public byte[] resolve(byte[] json) {
		return this.claimChecks.resolve(this.delegate.resolve(json));
	}

}
