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

/**
 * What the tests of an application need: updates made by hand, a record of the updates
 * that were delivered, and the emulator of the platform in place of the platform.
 * <p>
 * Test classes flow in, and what they can look at flows out. Only here the emulator,
 * JUnit and Spring's test framework are known; the stages of a watcher must not be.
 */
@NullMarked
package cloud.requence.task.test;

import org.jspecify.annotations.NullMarked;
