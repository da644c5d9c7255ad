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

package cloud.requence.samples.dashboard.board;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is watched.
 *
 * @param emulator whether that is the emulator inside this application
 * @param address the address of the platform
 * @param topic the topic that is watched in place of the platform; {@code null} if the
 * platform is watched
 * @param templates the templates to start tasks of, as far as they are known
 * @param attention after which time tasks need attention
 * @param taskUrl the address of a task's page at the platform, with placeholders that
 * browsers replace; {@code null} if there is none
 */
record BoardSource(boolean emulator, String address, @Nullable String topic, List<String> templates,
		AttentionProperties.Limits attention, @Nullable String taskUrl) {

}
