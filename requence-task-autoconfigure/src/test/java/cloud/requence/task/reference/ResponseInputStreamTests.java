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

package cloud.requence.task.reference;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseInputStream}.
 */
class ResponseInputStreamTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final NettyDataBuffer first = buffer(1, 2, 3);

	private final NettyDataBuffer second = buffer(4);

	private static NettyDataBuffer buffer(int... values) {
		NettyDataBuffer buffer = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT).allocateBuffer(8);
		for (int value : values) {
			buffer.write((byte) value);
		}
		return buffer;
	}

	private Flux<DataBuffer> body() {
		return Flux.just(this.first, this.second);
	}

	private void assertAllAreReleased() {
		assertThat(this.first.getNativeBuffer().refCnt()).isZero();
		assertThat(this.second.getNativeBuffer().refCnt()).isZero();
	}

	@Test
	void releasesWhatIsRead() throws IOException {
		try (InputStream stream = new ResponseInputStream(body(), TIMEOUT)) {
			assertThat(stream.readAllBytes()).containsExactly(1, 2, 3, 4);
			assertThat(stream.read()).isEqualTo(-1);
			assertAllAreReleased();
		}
	}

	@Test
	void releasesWhatIsNotReadWhenItIsClosed() throws IOException {
		try (InputStream stream = new ResponseInputStream(body(), TIMEOUT)) {
			assertThat(stream.read()).isEqualTo(1);
		}
		assertAllAreReleased();
	}

	@Test
	void releasesTheBufferThatIsTakenWhileItIsClosed() throws IOException {
		AtomicReference<InputStream> opened = new AtomicReference<>();
		// It asks for more when it has taken a buffer, and has not kept it yet
		Flux<DataBuffer> body = body().concatWith(Flux.never()).doOnRequest((count) -> {
			InputStream stream = opened.get();
			if (stream != null) {
				close(stream);
			}
		});
		try (InputStream stream = new ResponseInputStream(body, TIMEOUT)) {
			opened.set(stream);
			assertThat(stream.read()).isEqualTo(-1);
			assertAllAreReleased();
		}
	}

	private static void close(InputStream stream) {
		try {
			stream.close();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
