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

import cloud.requence.samples.dashboard.web.ProblemException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebSession;

/**
 * What the page asks for.
 */
@RestController
class BoardController {

	private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

	private final TaskBoard board;

	private final TaskArchive archive;

	private final PlatformTasks platform;

	private final BoardUpdates updates;

	private final JsonMapper mapper;

	BoardController(TaskBoard board, TaskArchive archive, PlatformTasks platform, BoardUpdates updates,
			JsonMapper mapper) {
		this.board = board;
		this.archive = archive;
		this.platform = platform;
		this.updates = updates;
		this.mapper = mapper;
	}

	/**
	 * Stream the board as server-sent events. They are written by hand, so that it is
	 * known when the one before has left.
	 * @param session the session, which exists with a login only
	 * @param response the response
	 * @return completes when the session ends or the application stops
	 */
	@GetMapping(path = "/api/board", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Mono<Void> board(WebSession session, ServerHttpResponse response) {
		boolean started = session.isStarted();
		response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
		response.getHeaders().setCacheControl(CacheControl.noStore());
		return response.writeAndFlushWith(this.updates
			.stream(() -> started && session.isExpired(), (message) -> event(message, response.bufferFactory()))
			.map(Mono::just));
	}

	private DataBuffer event(BoardMessage message, DataBufferFactory factory) {
		byte[] json = this.mapper.writeValueAsBytes(message);
		return factory.allocateBuffer(DATA.length + json.length + END.length).write(DATA).write(json).write(END);
	}

	/**
	 * Describe a task. One that is no longer on the board comes from the history, or from
	 * the platform if the history does not have it or is unavailable.
	 * @param id the task
	 * @param since the version of the task that the page knows
	 * @return the task, or the nodes that have changed
	 */
	@GetMapping("/api/task")
	Mono<ResponseEntity<TaskDetails>> task(@RequestParam String id, @RequestParam(defaultValue = "-1") long since) {
		return Mono.justOrEmpty(this.board.details(id, since))
			.switchIfEmpty(Mono.defer(() -> this.archive.details(id).onErrorComplete(ProblemException.class)))
			.switchIfEmpty(Mono.defer(() -> this.platform.details(id)))
			.map((task) -> ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(task));
	}

}
