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

package cloud.requence.task.context;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateType;
import cloud.requence.task.stream.SseFrame;
import cloud.requence.task.stream.SseFrameConsumer;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.UpdateDecodingException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A recorded stream with every type of update, from its bytes to updates with contexts.
 */
class RecordedStreamTests {

	private static final String INVOICE = "0b54e1a2-7c9e-4a54-9a3c-2f8d5f1f0001";

	private static final String CHECK = "0b54e1a2-7c9e-4a54-9a3c-2f8d5f1f0002";

	private static final Node OCR = new Node("n1", "service", "ocr");

	private final List<TaskUpdate> updates = new ArrayList<>();

	private final ContextAssembler assembler = new ContextAssembler(1_000_000, Duration.ofHours(1), System::nanoTime);

	@BeforeEach
	void replay() throws IOException {
		UpdateDecoder updateDecoder = new UpdateDecoder(PayloadReader.standard());
		SseFrameDecoder frameDecoder = new SseFrameDecoder(10_000, new SseFrameConsumer() {

			@Override
			public void onFrame(SseFrame frame) {
				try {
					RecordedStreamTests.this.updates
						.add(RecordedStreamTests.this.assembler.assemble(updateDecoder.decode(frame)));
				}
				catch (UpdateDecodingException ex) {
					throw new AssertionError(ex);
				}
			}

			@Override
			public void onRetry(long millis) {
				assertThat(millis).isEqualTo(2000);
			}

			@Override
			public void onOversized(@Nullable Long position, long size) {
				throw new AssertionError();
			}

		});
		try (InputStream stream = getClass().getResourceAsStream("every-update-type.txt")) {
			assertThat(stream).isNotNull();
			frameDecoder.decode(ByteBuffer.wrap(stream.readAllBytes()));
		}
	}

	private <T extends TaskUpdate> T update(int index, Class<T> type) {
		assertThat(this.updates.get(index)).isExactlyInstanceOf(type);
		return type.cast(this.updates.get(index));
	}

	@Test
	void hasOneUpdatePerCompleteEvent() {
		assertThat(this.updates).extracting(TaskUpdate::type)
			.containsExactly(UpdateType.TASK_START, UpdateType.NODE_START, UpdateType.NODE_UPDATE, UpdateType.NODE_END,
					UpdateType.TASK_START, UpdateType.NODE_DEFER, UpdateType.NODE_ERROR, UpdateType.TASK_ERROR,
					UpdateType.UNKNOWN, UpdateType.TASK_END, UpdateType.TASK_ABORTED);
		assertThat(this.updates).extracting(TaskUpdate::position)
			.containsExactly(101L, 102L, 103L, 104L, 105L, 106L, 107L, 108L, 109L, 110L, null);
	}

	@Test
	void tellsTheStartOfATask() {
		TaskStart start = update(0, TaskStart.class);
		assertThat(start.taskId()).isEqualTo(INVOICE);
		assertThat(start.updateId()).isEqualTo("c0000000-0000-4000-8000-000000000101");
		assertThat(start.name()).isEqualTo("Invoice 4711");
		assertThat(start.timestamp()).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
		assertThat(start.rootTaskId()).isNull();
		assertThat(start.incomplete()).isFalse();
		assertThat(start.header().additional()).isEmpty();
		assertThat(start.input()).isEqualTo(TaskPayload.of("{\"number\":4711,\"customer\":\"Müller & Söhne\"}"));
		assertThat(start.context().input()).isSameAs(start.input());
	}

	@Test
	void tellsWhatNodesDo() {
		assertThat(update(1, NodeStart.class).node()).isEqualTo(OCR);
		NodeUpdate data = update(2, NodeUpdate.class);
		assertThat(data.node()).isEqualTo(OCR);
		assertThat(data.data()).isEqualTo(TaskPayload.of("{ \"pages\" : 2 }"));
		assertThat(data.output()).isEqualTo("scanned");
		assertThat(data.context().nodeData()).isEqualTo(Map.of("ocr", TaskPayload.of("{ \"pages\" : 2 }")));
		NodeEnd end = update(3, NodeEnd.class);
		assertThat(end.node()).isEqualTo(OCR);
		assertThat(end.name()).isEqualTo("Invoice 4711");
		assertThat(end.context()).isEqualTo(data.context());
		assertThat(end.incomplete()).isFalse();
	}

	@Test
	void tellsTheFailureOfASubTask() {
		TaskStart start = update(4, TaskStart.class);
		assertThat(start.timestamp()).isEqualTo(Instant.ofEpochMilli(1795428002000L));
		assertThat(start.input()).isEqualTo(TaskPayload.of("null"));
		NodeDefer defer = update(5, NodeDefer.class);
		assertThat(defer.node()).isEqualTo(new Node("n7", "logic", null));
		assertThat(defer.reason()).isEqualTo("busy");
		NodeError error = update(6, NodeError.class);
		assertThat(error.error()).isEqualTo("Not found");
		assertThat(error.context().nodeErrors()).isEqualTo(Map.of("register", "Not found"));
		TaskError failure = update(7, TaskError.class);
		assertThat(failure.reason()).isEqualTo("No such customer");
		assertThat(failure.requireAck()).isFalse();
		assertThat(failure.context().nodeError("register")).isEqualTo("Not found");
		assertThat(this.updates.subList(4, 8)).allSatisfy((update) -> {
			assertThat(update.taskId()).isEqualTo(CHECK);
			assertThat(update.rootTaskId()).isEqualTo(INVOICE);
			assertThat(update.name()).isEqualTo("Check customer");
			assertThat(update.incomplete()).isFalse();
		});
	}

	@Test
	void keepsWhatItDoesNotKnow() {
		UnknownUpdate unknown = update(8, UnknownUpdate.class);
		assertThat(unknown.typeName()).isEqualTo("taskPaused");
		assertThat(unknown.data().tree().path("until").asString()).isEqualTo("tomorrow");
		assertThat(unknown.context().input()).isNotNull();
		assertThat(unknown.name()).isEqualTo("Invoice 4711");
		assertThat(update(9, TaskEnd.class).header().additional()).containsExactly(
				Map.entry("region", TaskPayload.of("\"eu\"")), Map.entry("cost", TaskPayload.of("{\"credits\":12}")));
	}

	@Test
	void tellsTheEndOfATaskWithAllThatIsKnownOfIt() {
		TaskEnd end = update(9, TaskEnd.class);
		assertThat(end.result()).isEqualTo(TaskPayload.of("{\"paid\":true}"));
		assertThat(end.exit()).isEqualTo("approved");
		assertThat(end.requireAck()).isTrue();
		assertThat(end.incomplete()).isFalse();
		assertThat(end.context().input()).isEqualTo(update(0, TaskStart.class).input());
		assertThat(end.context().result()).isEqualTo(end.result());
		assertThat(end.context().nodeData()).containsOnlyKeys("ocr");
	}

	@Test
	void tellsThatATaskIsIncompleteWhoseStartIsMissing() {
		TaskAborted aborted = update(10, TaskAborted.class);
		assertThat(aborted.taskId()).isEqualTo("0b54e1a2-7c9e-4a54-9a3c-2f8d5f1f0003");
		assertThat(aborted.reason()).isNull();
		assertThat(aborted.incomplete()).isTrue();
		assertThat(aborted.timestamp()).isNull();
	}

	@Test
	void leavesNothingBehindOnceAllTasksHaveEnded() {
		assertThat(this.assembler.contexts().tasks()).isZero();
		assertThat(this.assembler.contexts().bytes()).isZero();
		assertThat(this.assembler.contexts().evicted()).isZero();
	}

}
