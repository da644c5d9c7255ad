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

package cloud.requence.task.autoconfigure;

import cloud.requence.task.client.TaskClient;

/**
 * Changes the settings of the auto-configured {@link TaskClient} before it is built.
 * Beans of this type are called in their order, after the properties were applied.
 */
@FunctionalInterface
public interface TaskClientBuilderCustomizer {

	/**
	 * Change the settings of the client.
	 * @param builder the builder of the client
	 */
	void customize(TaskClient.Builder builder);

}
