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

package cloud.requence.task.client;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;

import cloud.requence.task.TaskPayloadException;

/**
 * The uploads for one task. Each file or stream is uploaded once, however often it is in
 * the input.
 */
final class InputUploads {

	private static final Log logger = LogFactory.getLog(InputUploads.class);

	/** A reference would not be much shorter. */
	private static final int SMALL = 256;

	private final FileUploads uploads;

	private final JsonMapper mapper;

	private final PreparedTask prepared;

	private final Map<Object, Map<MimeType, ObjectNode>> references = new IdentityHashMap<>();

	private final List<Mono<Void>> streams = new ArrayList<>();

	private final Sinks.Empty<Void> cancelled = Sinks.empty();

	InputUploads(FileUploads uploads, JsonMapper mapper, PreparedTask prepared) {
		this.uploads = uploads;
		this.mapper = mapper;
		this.prepared = prepared;
	}

	/**
	 * Upload the files in an input, register its streams and begin to send them, and
	 * insert the references.
	 */
	Mono<Void> replaceFiles(ObjectNode input) {
		List<Place> places = new ArrayList<>();
		collect(input, places);
		return Flux.fromIterable(places)
			.concatMap((place) -> reference(place.upload()).doOnNext((reference) -> place.set(reference.deepCopy())))
			.then();
	}

	/**
	 * Close the streams in an input that were not begun to be sent, as there will be no
	 * task.
	 * @param input the input
	 */
	static void closeStreams(ObjectNode input) {
		List<Place> places = new ArrayList<>();
		collect(input, places);
		places.forEach((place) -> place.upload().closeStream());
	}

	private static void collect(JsonNode node, List<Place> places) {
		if (node instanceof ObjectNode object) {
			for (Map.Entry<String, JsonNode> member : object.properties()) {
				if (member.getValue() instanceof POJONode pojo && pojo.getPojo() instanceof TaskUpload upload) {
					places.add(new Place(upload, member::setValue));
				}
				collect(member.getValue(), places);
			}
		}
		else if (node instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				int index = i;
				if (array.get(i) instanceof POJONode pojo && pojo.getPojo() instanceof TaskUpload upload) {
					places.add(new Place(upload, (reference) -> array.set(index, reference)));
				}
				collect(array.get(i), places);
			}
		}
	}

	private Mono<ObjectNode> reference(TaskUpload upload) {
		Resource file = upload.file();
		Object content = (file != null) ? file : Objects.requireNonNull(upload.stream());
		Map<MimeType, ObjectNode> known = this.references.computeIfAbsent(content, (key) -> new HashMap<>());
		ObjectNode sameType = known.get(upload.mimeType());
		if (sameType != null) {
			return Mono.just(sameType);
		}
		if (file == null && !known.isEmpty()) {
			throw new TaskPayloadException("Cannot send the same stream with two types");
		}
		Mono<ObjectNode> reference = (file != null) ? this.uploads.file(this.prepared, file, upload.mimeType())
				: stream((InputStream) content, upload);
		return reference.doOnNext((made) -> known.put(upload.mimeType(), made));
	}

	private Mono<ObjectNode> stream(InputStream stream, TaskUpload upload) {
		return this.uploads.stream(this.prepared, upload.mimeType())
			.doOnNext((reference) -> send(reference, stream, upload));
	}

	/**
	 * The platform passes a stream on while it is written.
	 */
	private void send(ObjectNode reference, InputStream stream, TaskUpload upload) {
		Mono<Void> sending = this.uploads.send(reference, stream, upload.mimeType())
			.takeUntilOther(this.cancelled.asMono())
			// Also if it was cancelled before it began
			.doFinally((signal) -> upload.closeStream())
			.cache();
		this.streams.add(sending);
		sending.subscribe(null, (ex) -> logger
			.warn("A stream in the input of a task could not be sent and is truncated: " + ex.getMessage()));
	}

	/**
	 * Send no more, as there will be no task.
	 */
	void cancel() {
		this.cancelled.tryEmitEmpty();
	}

	/**
	 * Return when the streams are sent.
	 */
	Mono<Void> streamsSent() {
		return Mono.whenDelayError(this.streams).onErrorMap(Exceptions::isMultiple, (ex) -> {
			List<Throwable> failures = Exceptions.unwrapMultiple(ex);
			failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
			return failures.get(0);
		});
	}

	/**
	 * Write a message, and upload separately what does not fit into it: the largest
	 * members of the input, and if that is not enough the whole input.
	 * @param message the message, whose member {@code input} is the input
	 * @return the message as it is to be sent
	 */
	Mono<byte[]> fit(ObjectNode message) {
		long limit = this.prepared.maxPayloadSize();
		byte[] json = this.mapper.writeValueAsBytes(message);
		return (limit <= 0 || json.length <= limit) ? Mono.just(json) : putAside(message, json.length, limit)
			.then(Mono.fromSupplier(() -> this.mapper.writeValueAsBytes(message)));
	}

	private Mono<Void> putAside(ObjectNode message, long size, long limit) {
		ObjectNode input = (ObjectNode) message.path("input");
		List<Member> members = input.properties()
			.stream()
			.map((member) -> new Member(member.getKey(), size(member.getValue())))
			.filter((member) -> member.size() > SMALL)
			.sorted(Comparator.comparingLong(Member::size).reversed())
			.toList();
		long smallest = size - members.stream().mapToLong((member) -> member.size() - SMALL).sum();
		if (smallest > limit) {
			return putAside(message, "input").then();
		}
		AtomicLong left = new AtomicLong(size);
		return Flux.fromIterable(members)
			.concatMap((member) -> (left.get() <= limit) ? Mono.empty()
					: putAside(input, member.name())
						.doOnNext((reference) -> left.addAndGet(size(reference) - member.size())))
			.then(Mono.defer(() -> (left.get() > limit) ? putAside(message, "input").then() : Mono.empty()));
	}

	private Mono<ObjectNode> putAside(ObjectNode parent, String name) {
		return this.uploads.value(this.prepared, this.mapper.writeValueAsBytes(parent.get(name)))
			.doOnNext((reference) -> parent.set(name, reference));
	}

	private long size(JsonNode node) {
		return this.mapper.writeValueAsBytes(node).length;
	}

	/**
	 * Where a file or stream is in the input.
	 *
	 * @param upload the file or stream
	 * @param setter puts a reference there
	 */
	private record Place(TaskUpload upload, Consumer<JsonNode> setter) {

		void set(JsonNode reference) {
			this.setter.accept(reference);
		}

	}

	/**
	 * A member of the input.
	 *
	 * @param name its name
	 * @param size its size in bytes
	 */
	private record Member(String name, long size) {

	}

}
