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

package cloud.requence.task.support;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * The causes of a failure. A chain may be long, or lead back to itself: only the first
 * are looked at.
 */
public final class Causes {

	private static final int MAX_COUNT = 32;

	private Causes() {
	}

	/**
	 * Return a failure and its causes, from the outermost.
	 * @param failure the failure
	 * @return the failure and its causes, 32 at most
	 */
	public static Stream<Throwable> of(Throwable failure) {
		return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_COUNT);
	}

}
