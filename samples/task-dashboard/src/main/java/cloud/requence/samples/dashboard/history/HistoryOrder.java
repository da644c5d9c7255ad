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
import java.util.Base64;
import java.util.Locale;

import cloud.requence.samples.dashboard.web.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

/**
 * The order of tasks, and where a page of them begins.
 *
 * @param sort what they are ordered by
 * @param ascending whether the smallest comes first
 * @param now the time by which the duration of running tasks is measured, the same for
 * all pages, in milliseconds since the epoch
 * @param after the last task of the page before; {@code null} for the first page
 */
record HistoryOrder(Sort sort, boolean ascending, long now, @Nullable Position after) {

	static HistoryOrder of(@Nullable String sort, @Nullable String direction, @Nullable String after, long now) {
		Sort by = parse(sort);
		boolean ascending = "asc".equalsIgnoreCase(direction);
		if (StringUtils.hasText(direction) && !ascending && !"desc".equalsIgnoreCase(direction)) {
			throw invalid("'dir' must be asc or desc.");
		}
		if (!StringUtils.hasText(after)) {
			return new HistoryOrder(by, ascending, now, null);
		}
		try {
			String[] parts = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8).split("\n", 3);
			Object value = by.text ? parts[1] : Long.valueOf(parts[1]);
			return new HistoryOrder(by, ascending, Long.parseLong(parts[0]), new Position(value, parts[2]));
		}
		catch (IllegalArgumentException | ArrayIndexOutOfBoundsException ex) {
			throw invalid("'after' must be the 'next' of the page before, in the same order.");
		}
	}

	private static Sort parse(@Nullable String sort) {
		try {
			return StringUtils.hasText(sort) ? Sort.valueOf(sort.toUpperCase(Locale.ROOT)) : Sort.STARTED;
		}
		catch (IllegalArgumentException ex) {
			throw invalid("'sort' must be started, ended, duration, name, state, updates or errors.");
		}
	}

	private static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, detail);
	}

	HistoryOrder after(Object value, String id) {
		return new HistoryOrder(this.sort, this.ascending, this.now, new Position(value, id));
	}

	/**
	 * Return what a request for the next page has to send.
	 */
	String token() {
		Position last = this.after;
		String text = (last != null) ? this.now + "\n" + last.value() + "\n" + last.id() : "";
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * What tasks can be ordered by.
	 */
	enum Sort {

		STARTED("t.started_at", false),

		// Running tasks have ended last
		ENDED("coalesce(t.ended_at, 9223372036854775807)", false),

		DURATION("coalesce(t.ended_at, cast(:now as bigint)) - t.started_at", false),

		NAME("coalesce(t.name, '')", true), STATE("t.state", true), UPDATES("t.updates", false),

		ERRORS("t.errors", false);

		private final String expression;

		private final boolean text;

		Sort(String expression, boolean text) {
			this.expression = expression;
			this.text = text;
		}

		String expression(long now) {
			return this.expression.replace(":now", Long.toString(now));
		}

	}

	/**
	 * Where a page ends.
	 *
	 * @param value the value that the task is ordered by
	 * @param id the identifier of the task
	 */
	record Position(Object value, String id) {

	}

}
