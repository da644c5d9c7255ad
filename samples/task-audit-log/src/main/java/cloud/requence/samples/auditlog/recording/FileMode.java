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
package cloud.requence.samples.auditlog.recording;

/**
 * What is recorded of the files that payloads refer to.
 */
enum FileMode {

	/** Nothing but the reference in the payload. */
	NONE,

	/** Their SHA-256 and size as well: each is loaded once. */
	REFERENCE,

	/** Their content as well. */
	STORE

}
