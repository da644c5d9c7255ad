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

import java.util.List;

/**
 * Adds entries at the end of the log, in the transaction of the caller. Whoever adds to
 * the log does it by this, so that transactions take their turns.
 */
@FunctionalInterface
public interface EntryAppender {

	/**
	 * Add entries. Waits for other transactions that have added entries and are not
	 * completed.
	 * @param entries the entries in their order
	 * @return the entries as they are recorded
	 * @throws org.springframework.dao.DataAccessException if they cannot be written
	 * @throws IllegalStateException if there is no transaction
	 */
	List<Entry> append(List<NewEntry> entries);

}
