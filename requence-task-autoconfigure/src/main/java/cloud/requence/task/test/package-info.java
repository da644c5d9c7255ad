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
 * Support for the tests of an application: updates without a platform, a recorder for the
 * updates that were delivered, and an emulator in place of the platform.
 * <p>
 * Input: test classes. Output: beans and parameters for them. Only this package depends
 * on the emulator, JUnit and Spring's test framework; it must not depend on the internals
 * of a watcher.
 */
@NullMarked
package cloud.requence.task.test;

import org.jspecify.annotations.NullMarked;
