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
package cloud.requence.samples.auditlog.recording;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskReference;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.UnknownUpdate;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of what a watcher delivers. The payload of an entry has the members of
 * the update that are not columns: {@code input}, {@code data}, {@code output},
 * {@code error}, {@code result}, {@code exit} and so on, as they came, but for masked
 * fields.
 */
final class UpdateEntries {

	private final FieldMask mask;

	private final Clock clock;

	UpdateEntries(FieldMask mask, Clock clock) {
		this.mask = mask;
		this.clock = clock;
	}

	NewEntry of(TaskUpdate update) {
		Node node = node(update);
		// Only the payload has the reason of a failure, so that it can be erased
		Entry entry = new Entry(0, EntryKind.UPDATE, update.position(), update.updateId(), update.timestamp(),
				this.clock.instant(), update.taskId(), update.rootTaskId(), update.name(), type(update),
				(node != null) ? node.id() : null, (node != null) ? node.alias() : null, outcome(update), null, null,
				null, null, null, null, null, 0);
		return new NewEntry(entry, payload(update, node, originals(entry, update, node)));
	}

	/**
	 * Return the entry of an update that the database does not take although it takes
	 * others: what is known of it, and why. Its payload may be at fault, and is left out.
	 */
	NewEntry unrecorded(TaskUpdate update, String reason) {
		return new NewEntry(new Entry(0, EntryKind.GAP, update.position(), update.updateId(), update.timestamp(),
				this.clock.instant(), update.taskId(), update.rootTaskId(), update.name(), type(update), null, null,
				null, reason, update.position(), update.position(), update.timestamp(), update.timestamp(), null, null,
				0), null);
	}

	NewEntry of(Gap gap) {
		return new NewEntry(new Entry(0, EntryKind.GAP, null, null, null, this.clock.instant(), null, null, null, null,
				null, null, null, gap.reason().name(), gap.fromPosition(), gap.toPosition(), gap.fromTime(),
				gap.toTime(), null, null, 0), null);
	}

	/**
	 * Return the gap in front of an update whose position is not after the one before:
	 * the platform counts from another beginning, or was restored, and no one knows what
	 * it has sent between both.
	 */
	NewEntry wentBack(long from, @Nullable Instant fromTime, long to) {
		Instant now = this.clock.instant();
		return new NewEntry(new Entry(0, EntryKind.GAP, null, null, null, now, null, null, null, null, null, null, null,
				"POSITION_WENT_BACK", from, to, fromTime, now, null, null, 0), null);
	}

	private static String type(TaskUpdate update) {
		return (update instanceof UnknownUpdate unknown) ? unknown.typeName() : update.type().wireName();
	}

	private static @Nullable Node node(TaskUpdate update) {
		if (update instanceof NodeStart start) {
			return start.node();
		}
		if (update instanceof NodeUpdate data) {
			return data.node();
		}
		if (update instanceof NodeError error) {
			return error.node();
		}
		if (update instanceof NodeDefer defer) {
			return defer.node();
		}
		return (update instanceof NodeEnd end) ? end.node() : null;
	}

	private static @Nullable String outcome(TaskUpdate update) {
		return switch (update.type()) {
			case TASK_END, NODE_END -> "ended";
			case TASK_ERROR, NODE_ERROR -> "failed";
			case TASK_ABORTED -> "aborted";
			case NODE_DEFER -> "deferred";
			default -> null;
		};
	}

	private byte @Nullable [] payload(TaskUpdate update, @Nullable Node node, @Nullable String originals) {
		JsonText json = new JsonText();
		if (update instanceof TaskStart start) {
			json.value("input", json(start.input()));
		}
		else if (update instanceof NodeUpdate data) {
			json.value("data", json(data.data())).text("output", data.output());
		}
		else if (update instanceof NodeError error) {
			json.text("error", error.error());
		}
		else if (update instanceof NodeDefer defer) {
			json.text("reason", defer.reason());
		}
		else if (update instanceof TaskEnd end) {
			json.value("result", json(end.result())).text("exit", end.exit());
			json.value("requireAck", String.valueOf(end.requireAck()));
		}
		else if (update instanceof TaskError error) {
			json.text("reason", error.reason()).value("requireAck", String.valueOf(error.requireAck()));
		}
		else if (update instanceof TaskAborted aborted) {
			json.text("reason", aborted.reason()).value("requireAck", String.valueOf(aborted.requireAck()));
		}
		else if (update instanceof UnknownUpdate unknown) {
			json.value("data", json(unknown.data()));
		}
		if (node != null) {
			json.text("nodeType", node.type());
		}
		json.value("additional", additional(update.header().additional()));
		json.value("original", originals);
		byte[] bytes = json.toBytes();
		return (bytes != null) ? this.mask.apply(bytes) : null;
	}

	/**
	 * Return what the entry has in another form than it came in: texts that are too long
	 * for their column, characters and times that PostgreSQL does not have.
	 */
	private static @Nullable String originals(Entry entry, TaskUpdate update, @Nullable Node node) {
		JsonText json = new JsonText();
		original(json, "updateId", update.updateId(), entry.updateId());
		original(json, "taskId", update.taskId(), entry.taskId());
		original(json, "rootTaskId", update.rootTaskId(), entry.rootTaskId());
		original(json, "name", update.name(), entry.taskName());
		original(json, "type", type(update), entry.updateType());
		original(json, "timestamp", update.timestamp(), entry.platformTime());
		if (node != null) {
			original(json, "nodeId", node.id(), entry.nodeId());
			original(json, "nodeAlias", node.alias(), entry.nodeAlias());
		}
		return json.isEmpty() ? null : json.toString();
	}

	private static void original(JsonText json, String name, @Nullable Object value, @Nullable Object recorded) {
		if (value != null && !value.equals(recorded)) {
			json.text(name, value.toString());
		}
	}

	/**
	 * Return the files that a payload refers to, but for those that are masked.
	 */
	List<FileRequest> files(TaskUpdate update, NewEntry recorded) {
		List<FileRequest> files = new ArrayList<>();
		if (update instanceof TaskStart start) {
			addFiles("/input", start.input(), recorded, files);
		}
		else if (update instanceof NodeUpdate data) {
			addFiles("/data", data.data(), recorded, files);
		}
		else if (update instanceof TaskEnd end) {
			addFiles("/result", end.result(), recorded, files);
		}
		return files;
	}

	private void addFiles(String member, @Nullable TaskPayload payload, NewEntry recorded, List<FileRequest> files) {
		if (payload == null) {
			return;
		}
		for (TaskReference reference : payload.references()) {
			TaskFile file = reference.file();
			String path = member + reference.path();
			if (file != null && !this.mask.covers(path)) {
				files.add(new FileRequest(recorded.entry(), files.size(), path, file));
			}
		}
	}

	private static @Nullable String additional(Map<String, TaskPayload> additional) {
		if (additional.isEmpty()) {
			return null;
		}
		JsonText json = new JsonText();
		additional.forEach((name, value) -> json.value(name, value.json()));
		return json.toString();
	}

	private static @Nullable String json(@Nullable TaskPayload payload) {
		return (payload != null) ? payload.json() : null;
	}

}
