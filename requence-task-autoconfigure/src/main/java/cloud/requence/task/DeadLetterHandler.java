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

/**
 * Stores updates whose retries are exhausted, or passes them on, before they are skipped.
 * A bean of this type is used by all watchers of the application.
 */
@FunctionalInterface
public interface DeadLetterHandler {

	/**
	 * Store an update that is about to be skipped. Called on the delivery thread; the
	 * delivery continues when this call returns. With a checkpoint in transactions
	 * ({@code requence.task.listener.transactional}) it is called in a transaction of its
	 * own, which also saves the checkpoint: what is stored in the same database and the
	 * position are committed together. Otherwise an update may be stored again after a
	 * crash.
	 * @param letter the update and the reason
	 * @throws Exception if the update cannot be stored. It is not skipped then: this is
	 * called again after 1 s, later after up to 32 s, and the listeners are not
	 */
	void handle(DeadLetter letter) throws Exception;

}
