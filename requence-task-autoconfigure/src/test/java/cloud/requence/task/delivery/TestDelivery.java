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

package cloud.requence.task.delivery;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Empties a {@link LookAhead} as a delivery would.
 */
public final class TestDelivery {

	private TestDelivery() {
	}

	public static void drain(LookAhead lookAhead) {
		for (PendingUpdate next = take(lookAhead); next != null; next = take(lookAhead)) {
			done(lookAhead, next);
		}
	}

	public static @Nullable PendingUpdate take(LookAhead lookAhead) {
		return locked(lookAhead, () -> lookAhead.take(0));
	}

	public static void done(LookAhead lookAhead, PendingUpdate update) {
		locked(lookAhead, () -> {
			lookAhead.done(update);
			return true;
		});
	}

	public static void park(LookAhead lookAhead, PendingUpdate update, long until) {
		locked(lookAhead, () -> {
			lookAhead.park(update, until);
			return true;
		});
	}

	public static void acknowledgeOnceDurable(PendingUpdate update) {
		EndAcknowledgement.onceDurable(EndAcknowledgement::isRequired).delivered(update, (time) -> true);
	}

	private static <T extends @Nullable Object> T locked(LookAhead lookAhead, Supplier<T> action) {
		lookAhead.lock().lock();
		try {
			return action.get();
		}
		finally {
			lookAhead.lock().unlock();
		}
	}

}
