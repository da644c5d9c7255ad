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

package cloud.requence.samples.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.context.RepeatDetector;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.SseFrame;
import cloud.requence.task.stream.SseFrameConsumer;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.UpdateDecodingException;

/**
 * What reading costs an update, step by step: each benchmark does what the one before
 * does, and something more. No connection and no delivery.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReadingBenchmark {

	private static final int OPEN_TASKS = 64;

	private static final int UPDATES = OPEN_TASKS * UpdateTemplate.STEPS;

	private static final int MAX_EVENT_SIZE = 1024 * 1024;

	/**
	 * The size of the updates.
	 */
	@Param({ "S", "M", "L" })
	public String profile = "";

	private List<Chunk> chunks = List.of();

	private int round;

	/**
	 * Make the updates.
	 */
	@Setup
	public void createChunks() {
		UpdateTemplate[] steps = UpdateTemplate.steps(Profile.valueOf(this.profile), false);
		this.chunks = IntStream.range(0, UPDATES)
			.mapToObj((i) -> new Chunk(steps[i / OPEN_TASKS], i % OPEN_TASKS, i / OPEN_TASKS))
			.toList();
	}

	/**
	 * Give the updates new positions and identifiers, as those of a stream have them.
	 * @throws IOException never
	 */
	@Setup(Level.Invocation)
	public void renewChunks() throws IOException {
		long position = UpdateTemplate.FIRST_POSITION + (long) this.round * UPDATES;
		for (Chunk chunk : this.chunks) {
			chunk.write(this.round, position++);
		}
		this.round++;
	}

	/**
	 * Cut the bytes into frames.
	 * @param blackhole takes the frames
	 */
	@Benchmark
	@OperationsPerInvocation(UPDATES)
	public void frames(Blackhole blackhole) {
		read((frame) -> blackhole.consume(frame.size()));
	}

	/**
	 * Decode the frames.
	 * @param blackhole takes the updates
	 * @param decoding decodes frames
	 */
	@Benchmark
	@OperationsPerInvocation(UPDATES)
	public void updates(Blackhole blackhole, Decoding decoding) {
		read((frame) -> blackhole.consume(decoding.decode(frame)));
	}

	/**
	 * Add the context.
	 * @param blackhole takes the updates
	 * @param decoding decodes frames
	 * @param contexts adds contexts
	 */
	@Benchmark
	@OperationsPerInvocation(UPDATES)
	public void contexts(Blackhole blackhole, Decoding decoding, Contexts contexts) {
		read((frame) -> contexts.assemble(decoding.decode(frame), blackhole));
	}

	/**
	 * Find repeats as well.
	 * @param blackhole takes the updates
	 * @param decoding decodes frames
	 * @param contexts adds contexts
	 * @param repeats finds repeats
	 */
	@Benchmark
	@OperationsPerInvocation(UPDATES)
	public void repeats(Blackhole blackhole, Decoding decoding, Contexts contexts, Repeats repeats) {
		read((frame) -> {
			RawUpdate update = decoding.decode(frame);
			blackhole.consume(repeats.detector.see(update));
			contexts.assemble(update, blackhole);
		});
	}

	private void read(Reader reader) {
		SseFrameDecoder decoder = new SseFrameDecoder(MAX_EVENT_SIZE, new Step(reader));
		for (Chunk chunk : this.chunks) {
			decoder.decode(chunk.bytes.rewind());
		}
	}

	/**
	 * The bytes of an update, in memory that is used again.
	 */
	private static final class Chunk extends ByteArrayOutputStream {

		private final UpdateTemplate template;

		private final int slot;

		private final int step;

		private final ByteBuffer bytes;

		Chunk(UpdateTemplate template, int slot, int step) {
			super(template.size());
			this.template = template;
			this.slot = slot;
			this.step = step;
			this.bytes = ByteBuffer.wrap(this.buf);
		}

		void write(int round, long position) throws IOException {
			reset();
			int sweep = round * UpdateTemplate.STEPS + this.step;
			this.template.write(this, false, new UpdateTemplate.Id(this.slot, round, sweep), position);
		}

	}

	/**
	 * What is done with a frame.
	 */
	private interface Reader {

		void read(SseFrame frame) throws UpdateDecodingException;

	}

	/**
	 * Hands frames to a reader.
	 */
	private record Step(Reader reader) implements SseFrameConsumer {

		@Override
		public void onFrame(SseFrame frame) {
			try {
				this.reader.read(frame);
			}
			catch (UpdateDecodingException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void onRetry(long millis) {
			throw new IllegalStateException();
		}

		@Override
		public void onOversized(@Nullable Long position, long size) {
			throw new IllegalStateException();
		}

	}

	/**
	 * Decodes frames.
	 */
	@State(Scope.Thread)
	public static class Decoding {

		private final UpdateDecoder decoder = new UpdateDecoder(PayloadReader.standard());

		RawUpdate decode(SseFrame frame) throws UpdateDecodingException {
			return this.decoder.decode(frame);
		}

	}

	/**
	 * Adds contexts.
	 */
	@State(Scope.Thread)
	public static class Contexts {

		private final ContextAssembler assembler = new ContextAssembler(Long.MAX_VALUE, Duration.ofHours(1),
				System::nanoTime);

		void assemble(RawUpdate update, Blackhole blackhole) {
			blackhole.consume(this.assembler.assemble(update));
			blackhole.consume(this.assembler.rootOf(update));
		}

	}

	/**
	 * Finds repeats.
	 */
	@State(Scope.Thread)
	public static class Repeats {

		private final RepeatDetector detector = new RepeatDetector(65_536);

	}

}
