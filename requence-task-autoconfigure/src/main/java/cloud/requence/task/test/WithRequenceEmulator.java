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

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Lets the application of a Spring test watch an emulator of the platform, and records
 * what it delivers: <pre class="code">
 * &#64;SpringBootTest
 * &#64;WithRequenceEmulator
 * class InvoiceTests {
 *
 *     &#64;Test
 *     void booksInvoices(RequenceEmulator emulator, TaskUpdateRecorder updates) {
 *         emulator.task("invoice").start().end(Map.of("booked", true));
 *         updates.await(TaskEnd.class);
 *     }
 *
 * }
 * </pre>
 * <p>
 * The emulator lives as long as the application, so that test classes can share both. It
 * is a bean, and a parameter of test methods, and is cleared after each test method:
 * streams stay open, and positions continue. The annotation sets the properties
 * {@code requence.task.access-token} and {@code requence.task.base-url} with precedence
 * over all others. Requires {@code requence-emulator} on the class path.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@RecordTaskUpdates
@ExtendWith(RequenceParameterResolver.class)
public @interface WithRequenceEmulator {

}
