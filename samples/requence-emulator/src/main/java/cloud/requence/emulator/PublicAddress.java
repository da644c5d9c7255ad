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

package cloud.requence.emulator;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The address of the API as clients know it. In a container it is unknown at first: it is
 * the one that the first client asks for. Safe for use by any thread.
 */
final class PublicAddress {

	private final List<Runnable> waiting = new ArrayList<>();

	private @Nullable URI address;

	/**
	 * Tell the address, unless it is known.
	 */
	void is(URI address) {
		List<Runnable> due;
		synchronized (this) {
			if (this.address != null) {
				return;
			}
			this.address = address;
			due = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		due.forEach(Runnable::run);
	}

	synchronized URI orElse(URI other) {
		return Objects.requireNonNullElse(this.address, other);
	}

	/**
	 * Do something as soon as the address is known.
	 */
	void whenKnown(Runnable action) {
		synchronized (this) {
			if (this.address == null) {
				this.waiting.add(action);
				return;
			}
		}
		action.run();
	}

}
