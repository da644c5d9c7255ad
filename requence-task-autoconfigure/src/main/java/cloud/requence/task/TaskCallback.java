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

import org.jspecify.annotations.Nullable;

/**
 * A function of a service in a payload. It cannot be called.
 *
 * @param lifetime {@code connection} if it lives as long as the connection of the
 * service, {@code durable} if longer
 * @param sourceId the service's connection, for a lifetime of {@code connection}
 * @param callbackId the function, for a lifetime of {@code connection}
 * @param name the name of the function, for a lifetime of {@code durable}
 * @param nodeId the node of the function, for a lifetime of {@code durable}
 * @param bound whether the function is bound, for a lifetime of {@code durable}
 * @param outputName the output that the function is for
 * @param propertyPath where in the output the function is
 */
public record TaskCallback(String lifetime, @Nullable String sourceId, @Nullable String callbackId,
		@Nullable String name, @Nullable String nodeId, @Nullable Boolean bound, @Nullable String outputName,
		@Nullable String propertyPath) {

}
