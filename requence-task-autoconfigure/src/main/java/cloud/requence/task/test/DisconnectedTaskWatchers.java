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

package cloud.requence.task.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets the application of a Spring test start without a platform and without an access
 * token: <pre class="code">
 * &#64;SpringBootTest
 * &#64;DisconnectedTaskWatchers
 * class ApplicationTests {
 *
 *     &#64;Test
 *     void contextLoads() {
 *     }
 *
 * }
 * </pre>
 * <p>
 * All beans are there, so that they can be injected, but no watcher starts and no
 * checkpoint is read, and each call of a {@link cloud.requence.task.client.TaskClient}
 * fails as if the platform could not be reached. The annotation sets
 * {@code requence.task.access-token} and {@code requence.task.base-url}, and sets
 * {@code requence.task.auto-startup} and {@code requence.task.leader-election.enabled} to
 * {@code false}, with precedence over all other properties. On a class with
 * {@link WithRequenceEmulator} it has no effect.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface DisconnectedTaskWatchers {

}
