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

package cloud.requence.samples.dashboard.history;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the page asks the history for.
 */
@RestController
@RequestMapping("/api/history")
class HistoryController {

	private static final int MAX_PAGE = 500;

	private final HistoryTasks tasks;

	private final HistoryExport export;

	private final HistoryCalls calls;

	private final Clock clock;

	HistoryController(HistoryTasks tasks, HistoryExport export, HistoryCalls calls, Clock clock) {
		this.tasks = tasks;
		this.export = export;
		this.calls = calls;
		this.clock = clock;
	}

	@GetMapping("/tasks")
	Mono<ResponseEntity<HistoryTasks.Page>> tasks(HistoryFilter.Parameters parameters,
			@RequestParam @Nullable String sort, @RequestParam @Nullable String dir,
			@RequestParam @Nullable String after, @RequestParam(defaultValue = "100") int limit) {
		HistoryFilter filter = HistoryFilter.of(parameters);
		HistoryOrder order = HistoryOrder.of(sort, dir, after, this.clock.millis());
		int size = Math.max(1, Math.min(limit, MAX_PAGE));
		return this.calls.call(() -> this.tasks.page(filter, order, size)).map(HistoryController::answer);
	}

	@GetMapping("/groups")
	Mono<ResponseEntity<Groups>> groups(HistoryFilter.Parameters parameters) {
		HistoryFilter filter = HistoryFilter.of(parameters);
		return this.calls.call(() -> new Groups(this.tasks.groups(filter))).map(HistoryController::answer);
	}

	@GetMapping("/export.csv")
	Mono<Void> csv(HistoryFilter.Parameters parameters, @RequestParam @Nullable String sort,
			@RequestParam @Nullable String dir, ServerHttpResponse response) {
		return send(this.export.csv(HistoryFilter.of(parameters), order(sort, dir)), "tasks.csv",
				new MediaType("text", "csv", StandardCharsets.UTF_8), response);
	}

	@GetMapping("/export.json")
	Mono<Void> json(HistoryFilter.Parameters parameters, @RequestParam @Nullable String sort,
			@RequestParam @Nullable String dir, ServerHttpResponse response) {
		return send(this.export.json(HistoryFilter.of(parameters), order(sort, dir)), "tasks.json",
				MediaType.APPLICATION_JSON, response);
	}

	private HistoryOrder order(@Nullable String sort, @Nullable String dir) {
		return HistoryOrder.of(sort, dir, null, this.clock.millis());
	}

	private static Mono<Void> send(Flux<String> text, String name, MediaType type, ServerHttpResponse response) {
		response.getHeaders().setContentType(type);
		response.getHeaders().setCacheControl(CacheControl.noStore());
		response.getHeaders().setContentDisposition(ContentDisposition.attachment().filename(name).build());
		Flux<Publisher<DataBuffer>> buffers = text
			.map((part) -> Mono.just(response.bufferFactory().wrap(part.getBytes(StandardCharsets.UTF_8))));
		return response.writeAndFlushWith(buffers);
	}

	private static <T> ResponseEntity<T> answer(T body) {
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
	}

	/**
	 * Tasks by name.
	 *
	 * @param groups the patterns of names with the most tasks
	 */
	record Groups(List<HistoryGroup> groups) {

	}

}
