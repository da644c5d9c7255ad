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

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes tasks page by page, as fast as the browser takes them. Between two pages nothing
 * is open in the database.
 */
class HistoryExport {

	private static final int PAGE = 500;

	private static final String HEADER = "id,name,state,startedAt,endedAt,durationMillis,updates,nodesDone,nodes,"
			+ "errors,exit,reason,rootId,incomplete,requireAck\r\n";

	private final HistoryTasks tasks;

	private final HistoryCalls calls;

	private final JsonMapper mapper;

	private final int max;

	HistoryExport(HistoryTasks tasks, HistoryCalls calls, JsonMapper mapper, int max) {
		this.tasks = tasks;
		this.calls = calls;
		this.mapper = mapper;
		this.max = max;
	}

	Flux<String> csv(HistoryFilter filter, HistoryOrder order) {
		return pages(filter, order).map((page) -> text(page, HistoryExport::line, "")).startWith(HEADER);
	}

	Flux<String> json(HistoryFilter filter, HistoryOrder order) {
		return Flux.concat(Mono.just("["),
				pages(filter, order).filter((page) -> !page.isEmpty())
					.index((number, page) -> ((number > 0) ? ",\n" : "\n")
							+ text(page, this.mapper::writeValueAsString, ",\n")),
				Mono.just("\n]\n"));
	}

	private static String text(List<HistoryTask> page, Function<HistoryTask, String> line, String separator) {
		return page.stream().map(line).collect(Collectors.joining(separator));
	}

	private Flux<List<HistoryTask>> pages(HistoryFilter filter, HistoryOrder order) {
		int first = Math.min(PAGE, this.max);
		return page(filter, order, first).expand((page) -> {
			HistoryOrder next = page.page().order();
			int left = this.max - page.count();
			return (next != null && left > 0) ? page(filter, next, Math.min(PAGE, left)).map((more) -> more.plus(page))
					: Mono.empty();
		}).map((page) -> page.page().tasks());
	}

	private Mono<Exported> page(HistoryFilter filter, HistoryOrder order, int limit) {
		return this.calls.call(() -> this.tasks.page(filter, order, limit))
			.map((page) -> new Exported(page, page.tasks().size()));
	}

	private static String line(HistoryTask task) {
		return Stream
			.of(task.id(), task.name(), Columns.name(task.state()), time(task.startedAt()), time(task.endedAt()),
					task.duration(), task.updates(), task.done(), task.nodes(), task.errors(), task.exit(),
					task.reason(), task.rootId(), task.incomplete(), task.requireAck())
			.map(HistoryExport::cell)
			.collect(Collectors.joining(",", "", "\r\n"));
	}

	private static @Nullable Instant time(@Nullable Long millis) {
		return (millis != null) ? Instant.ofEpochMilli(millis) : null;
	}

	/**
	 * Quote a value. Spreadsheets run what begins like a formula, so an apostrophe is put
	 * in front of it.
	 */
	private static String cell(@Nullable Object value) {
		if (value == null) {
			return "";
		}
		String text = value.toString();
		if (!(value instanceof Number) && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
			text = "'" + text;
		}
		return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
	}

	/**
	 * A page of an export.
	 *
	 * @param page the page
	 * @param count how many tasks were exported with it
	 */
	private record Exported(HistoryTasks.Page page, int count) {

		Exported plus(Exported before) {
			return new Exported(this.page, this.count + before.count);
		}

	}

}
