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

package cloud.requence.task.checkpoint;

/**
 * Callback for what follows from saved checkpoints. Called without locks and by one
 * thread at a time: that of the checkpoints, of an acknowledgement or, in a transaction,
 * of the delivery. A call that throws is made again later.
 */
public interface CheckpointObserver {

	/**
	 * Progress was saved, so that the delivery may have room again.
	 */
	void onSaved();

	/**
	 * Another instance has written the checkpoint: the watcher has to step down.
	 */
	void onSuperseded();

}
