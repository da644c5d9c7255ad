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

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The references of a payload, in the order of the payload.
 *
 * @param all the references, of which nothing has been fetched
 * @param complete whether there are no others: a payload may have more than can be
 * listed, or in places that are too deep to be named
 */
public record TaskReferences(List<TaskReference> all, boolean complete) implements Iterable<TaskReference> {

	static final TaskReferences NONE = new TaskReferences(List.of(), true);

	public TaskReferences {
		all = List.copyOf(all);
	}

	/**
	 * Return the files.
	 * @return the files, each fetched when it is opened
	 */
	public List<TaskFile> files() {
		return of(TaskReference::file);
	}

	/**
	 * Return the streams.
	 * @return the streams, each fetched when it is read
	 */
	public List<TaskStream> streams() {
		return of(TaskReference::stream);
	}

	/**
	 * Return the functions of services.
	 * @return the functions
	 */
	public List<TaskCallback> callbacks() {
		return of(TaskReference::callback);
	}

	private <T> List<T> of(Function<TaskReference, @Nullable T> value) {
		return this.all.stream().map(value).filter(Objects::nonNull).toList();
	}

	/**
	 * Return whether there are no references.
	 * @return whether there are none
	 */
	public boolean isEmpty() {
		return this.all.isEmpty();
	}

	@Override
	public Iterator<TaskReference> iterator() {
		return this.all.iterator();
	}

}
