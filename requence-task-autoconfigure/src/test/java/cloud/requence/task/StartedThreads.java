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

package cloud.requence.task;

import java.util.List;
import java.util.Set;

/**
 * The threads of the JVM that were started after this was created: those of applications
 * that other tests keep open, or are still closing, have the same names.
 */
public final class StartedThreads {

	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	/**
	 * Return those that live, and whose names begin with the given text.
	 */
	public List<Thread> named(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !this.before.contains(thread) && thread.getName().startsWith(prefix))
			.toList();
	}

}
