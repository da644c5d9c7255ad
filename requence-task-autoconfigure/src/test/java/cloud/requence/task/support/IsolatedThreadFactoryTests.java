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

package cloud.requence.task.support;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IsolatedThreadFactory}.
 */
class IsolatedThreadFactoryTests {

	private static final ClassLoader APPLICATION = new URLClassLoader(new URL[0]);

	private final InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();

	static Stream<ThreadFactory> factories() {
		return Stream.of(IsolatedThreadFactory.daemons("test", APPLICATION),
				IsolatedThreadFactory.named("test", APPLICATION), IsolatedThreadFactory.numbered("test-", APPLICATION));
	}

	@ParameterizedTest
	@MethodSource("factories")
	void threadsInheritNothing(ThreadFactory factory) throws Exception {
		assertThat(seenBy(factory, this.tenant::get)).isNull();
		assertThat(seenBy(factory, () -> Thread.currentThread().getContextClassLoader())).isSameAs(APPLICATION);
		assertThat(seenBy(factory, () -> Thread.currentThread().getPriority())).isEqualTo(Thread.NORM_PRIORITY);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsInheritNothing() throws Exception {
		ThreadFactory factory = IsolatedThreadFactory.virtual("test-", APPLICATION);
		assertThat(seenBy(factory, this.tenant::get)).isNull();
		assertThat(seenBy(factory, () -> Thread.currentThread().getContextClassLoader())).isSameAs(APPLICATION);
		assertThat(seenBy(factory, () -> Thread.currentThread().getName())).startsWith("test-");
	}

	@Test
	void threadsAreDaemonsOnlyIfThatIsAskedFor() throws Exception {
		Supplier<Boolean> daemon = () -> Thread.currentThread().isDaemon();
		assertThat(seenBy(IsolatedThreadFactory.daemons("test", APPLICATION), daemon)).isTrue();
		assertThat(seenBy(IsolatedThreadFactory.named("test", APPLICATION), daemon)).isFalse();
	}

	@Test
	void namesAreNumberedFromOne() {
		ThreadFactory factory = IsolatedThreadFactory.numbered("test-", APPLICATION);
		assertThat(Stream.generate(() -> factory.newThread(() -> {
		})).limit(2)).extracting(Thread::getName).containsExactly("test-1", "test-2");
	}

	/**
	 * What a thread sees that is created by a thread which has something to inherit.
	 */
	@SuppressWarnings("ThreadPriorityCheck")
	private <T> T seenBy(ThreadFactory factory, Supplier<T> look) throws Exception {
		CompletableFuture<T> seen = new CompletableFuture<>();
		AtomicReference<Thread> created = new AtomicReference<>();
		Thread request = new Thread(new ThreadGroup("requests"), () -> {
			this.tenant.set("someone");
			created.set(factory.newThread(() -> seen.complete(look.get())));
		});
		request.setContextClassLoader(new URLClassLoader(new URL[0]));
		request.setPriority(Thread.MIN_PRIORITY);
		request.setDaemon(true);
		request.start();
		request.join();
		created.get().start();
		return seen.get(10, TimeUnit.SECONDS);
	}

}
