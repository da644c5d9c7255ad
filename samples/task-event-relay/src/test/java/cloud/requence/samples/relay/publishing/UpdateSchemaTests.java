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

package cloud.requence.samples.relay.publishing;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.test.TestTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what {@link TaskUpdateJson} writes with the schema in the documentation.
 */
class UpdateSchemaTests {

	private static final Instant TIME = Instant.parse("2026-11-28T10:00:00.123456789Z");

	private static final TaskPayload FILE = TaskPayload
		.of("{\"scan\":{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"https://files.example.com/1\"}}");

	static Stream<TaskUpdate> updates() {
		TestTask task = TestTask.of("task-1").name("Invoice").at(TIME).input(Map.of("number", 7));
		return Stream.of(task.start(), task.nodeStart("read"), task.nodeUpdate("read", Map.of("a", 1)),
				task.nodeUpdate("read", null), task.nodeError("read", "broken"), task.nodeDefer("read", "later"),
				task.nodeEnd("read"), task.requireAck().end(List.of(1)), TestTask.of("t").end(null),
				TestTask.of("t").rootTask("root").requireAck().fail("no money"), TestTask.of("t").fail(null),
				TestTask.of("t").abort("no time"), TestTask.of("t").abort(null),
				TestTask.of("t").incomplete().unknown("taskMoved", Map.of("to", "there")), withReferences(),
				behindGaps());
	}

	private static TaskUpdate withReferences() {
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_START, "t", "root", "update-1", "name", TIME, 9L, false,
				Map.of("extra", FILE));
		return new TaskStart(header, TaskContext.of("t").withInput(FILE).withNodeData("a", FILE).withResult(FILE),
				FILE);
	}

	private static TaskUpdate behindGaps() {
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_START, "t", null, null, null, null, 9L, false, Map.of(),
				List.of(new Gap(Reason.REFUSED_POSITION, null, null, null, TIME),
						new Gap(Reason.UNDECODABLE_EVENT, 7L, TIME, 8L, TIME)));
		return new TaskStart(header, TaskContext.of("t"), null);
	}

	@ParameterizedTest
	@MethodSource("updates")
	void describesWhatIsWritten(TaskUpdate update) {
		assertThat(UpdateSchema.errors(TaskUpdateJson.withContext().write(update))).isEmpty();
		assertThat(
				UpdateSchema.errors(TaskUpdateJson.withContext().withMaxContextSize(DataSize.ofBytes(0)).write(update)))
			.isEmpty();
	}

	@Test
	void isComparedWithAllTypes() {
		assertThat(updates().map(TaskUpdate::type).collect(Collectors.toSet()))
			.isEqualTo(Arrays.stream(UpdateType.values()).collect(Collectors.toSet()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"version\":1|\"version\":2", "\"version\":1|\"version\":1,\"more\":1",
			"\"taskId\":\"t\",\"rootTaskId\"|\"rootTaskId\"", "\"taskId\":\"t\",\"r|\"taskId\":\"t\",\"more\":1,\"r",
			"\"context\":{|\"context\":{\"more\":1,", "\"node\":{|\"node\":{\"more\":1,",
			"\"output\":null|\"output\":1", "\"position\":1|\"position\":\"7\"", "nodeUpdate|taskEnd",
			"nodeUpdate|nodeMoved", "\"type\":\"service\",|", "\"output\":null|\"outputs\":null" })
	void refusesOtherForms(String change) {
		String written = TaskUpdateJson.withContext().write(TestTask.of("t").nodeUpdate("a", 1));
		String[] parts = change.split("\\|", 2);
		assertThat(written).contains(parts[0]);
		assertThat(UpdateSchema.errors(written.replace(parts[0], parts[1]))).isNotEmpty();
	}

}
