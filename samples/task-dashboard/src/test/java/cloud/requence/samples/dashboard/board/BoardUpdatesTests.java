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

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link BoardUpdates}.
 */
class BoardUpdatesTests {

	private final BoardSubscription subscription = mock(BoardSubscription.class);

	private final BoardUpdates updates = new BoardUpdates(() -> this.subscription, Duration.ofMillis(200));

	private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

	private Flux<DataBuffer> stream() {
		return this.updates.stream(() -> false,
				(message) -> this.buffers.wrap("message".getBytes(StandardCharsets.UTF_8)));
	}

	private Flux<DataBuffer> streamThatIsTaken() {
		return stream().doOnNext(DataBufferUtils::release);
	}

	@Test
	void makesTheFirstMessageAtOnceAndAtMostFiveInASecond() {
		given(this.subscription.next()).willReturn(mock(BoardMessage.class));
		StepVerifier.withVirtualTime(this::streamThatIsTaken)
			.expectSubscription()
			.thenAwait(Duration.ZERO)
			.expectNextCount(1)
			.expectNoEvent(Duration.ofMillis(199))
			.thenAwait(Duration.ofMillis(1))
			.expectNextCount(1)
			.thenAwait(Duration.ofMillis(800))
			.expectNextCount(4)
			.thenCancel()
			.verify();
	}

	@Test
	void makesNoMessageUntilTheOneBeforeWasTaken() {
		given(this.subscription.next()).willReturn(mock(BoardMessage.class));
		StepVerifier.withVirtualTime(this::stream).thenAwait(Duration.ofMinutes(10)).assertNext((message) -> {
			then(this.subscription).should(times(1)).next();
			DataBufferUtils.release(message);
		}).thenAwait(Duration.ofMillis(200)).assertNext((message) -> {
			then(this.subscription).should(times(2)).next();
			DataBufferUtils.release(message);
		}).thenCancel().verify();
	}

	@Test
	void makesNoMessageForOneThatDoesNotAskForIt() {
		given(this.subscription.next()).willReturn(mock(BoardMessage.class));
		StepVerifier.withVirtualTime(this::streamThatIsTaken, 1)
			.thenAwait(Duration.ofMinutes(10))
			.expectNextCount(1)
			.then(() -> then(this.subscription).should(times(1)).next())
			.thenCancel()
			.verify();
	}

	@Test
	void goesOnWhenThereIsNothingToTell() {
		given(this.subscription.next()).willReturn(mock(BoardMessage.class), null, null, mock(BoardMessage.class));
		StepVerifier.withVirtualTime(() -> streamThatIsTaken().take(2))
			.expectSubscription()
			.thenAwait(Duration.ZERO)
			.expectNextCount(1)
			.expectNoEvent(Duration.ofMillis(599))
			.thenAwait(Duration.ofMillis(1))
			.expectNextCount(1)
			.verifyComplete();
	}

	@Test
	void endsWhenTheApplicationCloses() {
		given(this.subscription.next()).willReturn(mock(BoardMessage.class));
		StepVerifier.withVirtualTime(this::streamThatIsTaken)
			.thenAwait(Duration.ZERO)
			.expectNextCount(1)
			.then(this.updates::close)
			.verifyComplete();
		StepVerifier.create(stream()).verifyComplete();
	}

}
