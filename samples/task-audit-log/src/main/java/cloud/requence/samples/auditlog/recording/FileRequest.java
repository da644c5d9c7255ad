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

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.task.TaskFile;

/**
 * A file to be loaded.
 *
 * @param subject the entry whose payload refers to it; its sequence is set once it is
 * recorded
 * @param number the number of the file in the payload, from 0
 * @param path where in the payload the reference is, as a JSON pointer
 * @param file loads it
 */
record FileRequest(Entry subject, int number, String path, TaskFile file) {

	FileRequest of(long sequence) {
		return new FileRequest(this.subject.at(sequence, null, 0), this.number, this.path, this.file);
	}

}
