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

package cloud.requence.task.watcher;

import java.net.URI;

import cloud.requence.task.RequenceTaskException;

/**
 * The access token belongs to another platform than the one that is watched.
 */
final class OtherPlatformException extends RequenceTaskException {

	OtherPlatformException(String watcher, URI watched, URI other) {
		super("The access token of task watcher '" + watcher + "' now belongs to " + other
				+ ", but its positions and tasks belong to " + watched);
	}

}
