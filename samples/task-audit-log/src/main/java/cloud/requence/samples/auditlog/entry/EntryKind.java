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

package cloud.requence.samples.auditlog.entry;

/**
 * What an entry of the audit log is about.
 */
public enum EntryKind {

	/** An update as the platform has sent it. */
	UPDATE,

	/** Updates may be missing before this entry, or one could not be recorded. */
	GAP,

	/** A file of another entry was fetched, or could not be. */
	FILE,

	/** Payloads of other entries were erased; the payload of this one says which. */
	ERASURE,

	/** The payload has the hashes of accesses: who looked at what, and exported what. */
	ACCESS,

	/** The payloads of a task must be kept from now on. */
	HOLD,

	/** The payloads of a task need no longer be kept. */
	RELEASE

}
