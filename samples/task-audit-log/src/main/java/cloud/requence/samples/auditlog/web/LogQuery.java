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

package cloud.requence.samples.auditlog.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;

import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.search.EntryCursor;
import cloud.requence.samples.auditlog.search.EntryFilter;
import cloud.requence.samples.auditlog.search.PageSelection;
import cloud.requence.samples.auditlog.search.PageSelection.Direction;
import cloud.requence.samples.auditlog.search.TextQuery;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriComponentsBuilder;

/**
 * What a request looks for, as its address says. Pages, exports and the API have the same
 * parameters. A parameter that is not known is refused: a filter with a typing error
 * would find too much, and no one would notice.
 */
public final class LogQuery {

	private static final List<String> FILTERS = List.of("from", "to", "task", "rootTask", "name", "type", "node",
			"outcome", "kind", "text");

	private static final List<String> PAGING = List.of("before", "after", "size");

	private static final String ZONE = "zone";

	private static final int DEFAULT_SIZE = 50;

	private static final int MAX_LENGTH = 400;

	private static final Pattern PATH_SEGMENT = Pattern.compile("[\\w~-][\\w.~-]*");

	private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

	// In their order in addresses
	private final Map<String, String> values;

	private final ZoneId zone;

	private final EntryFilter filter;

	private final PageSelection selection;

	private LogQuery(Map<String, String> values, ZoneId defaultZone) {
		this.values = values;
		this.zone = Objects.requireNonNullElse(read(ZONE, LogQuery::zone), defaultZone);
		this.filter = new EntryFilter(read("from", (text) -> time(text, true)), read("to", (text) -> time(text, false)),
				value("task"), value("rootTask"), value("name"), value("type"), value("node"), value("outcome"),
				read("kind", LogQuery::kind), read("text", TextQuery::parse));
		if (this.filter.from() != null && this.filter.to() != null && !this.filter.from().isBefore(this.filter.to())) {
			throw new InvalidParameterException("to", "is not after 'from'");
		}
		this.selection = selection();
	}

	/**
	 * Read the parameters of a request. Those without a value count as absent.
	 * @param parameters the parameters
	 * @param defaultZone the time zone of times without one
	 * @param others the names of parameters that are read elsewhere
	 * @return the query
	 */
	static LogQuery of(Map<String, String[]> parameters, ZoneId defaultZone, String... others) {
		Map<String, String> values = new LinkedHashMap<>();
		FILTERS.forEach((name) -> put(values, parameters, name));
		put(values, parameters, ZONE);
		PAGING.forEach((name) -> put(values, parameters, name));
		for (String name : parameters.keySet()) {
			if (!FILTERS.contains(name) && !PAGING.contains(name) && !ZONE.equals(name)
					&& !List.of(others).contains(name)) {
				throw new InvalidParameterException(name, "is not a parameter");
			}
		}
		return new LogQuery(values, defaultZone);
	}

	private static void put(Map<String, String> values, Map<String, String[]> parameters, String name) {
		String[] given = parameters.get(name);
		if (given == null || given.length == 0) {
			return;
		}
		if (given.length > 1) {
			throw new InvalidParameterException(name, "is given several times");
		}
		String value = given[0].strip();
		if (value.length() > MAX_LENGTH) {
			throw new InvalidParameterException(name, "has more than " + MAX_LENGTH + " characters");
		}
		if (CONTROL.matcher(value).find()) {
			throw new InvalidParameterException(name, "has a control character");
		}
		if (!value.isEmpty()) {
			values.put(name, value);
		}
	}

	private @Nullable String value(String name) {
		return this.values.get(name);
	}

	private <T> @Nullable T read(String name, Function<String, T> reader) {
		String value = value(name);
		if (value == null) {
			return null;
		}
		try {
			return reader.apply(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidParameterException(name, String.valueOf(ex.getMessage()));
		}
	}

	private static ZoneId zone(String text) {
		try {
			return ZoneId.of(text);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("is not a time zone such as UTC or Europe/Berlin", ex);
		}
	}

	private static EntryKind kind(String text) {
		try {
			return EntryKind.valueOf(text.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("is not one of " + List.of(EntryKind.values()), ex);
		}
	}

	private Instant time(String text, boolean earlier) {
		Instant time;
		try {
			time = text.matches(".*T.*(Z|[+-]\\d\\d:?\\d\\d)$") ? OffsetDateTime.parse(text).toInstant()
					: local(LocalDateTime.parse(text), earlier);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("is not a time such as 2026-05-01T10:00 or 2026-05-01T10:00:00Z", ex);
		}
		int year = time.atOffset(ZoneOffset.UTC).getYear();
		if (year < 1 || year > 9999) {
			throw new IllegalArgumentException("is not in the years 1 to 9999");
		}
		return time;
	}

	// An hour that happens twice counts as a whole
	private Instant local(LocalDateTime time, boolean earlier) {
		ZonedDateTime zoned = time.atZone(this.zone);
		return (earlier ? zoned.withEarlierOffsetAtOverlap() : zoned.withLaterOffsetAtOverlap()).toInstant();
	}

	private PageSelection selection() {
		EntryCursor before = read("before", EntryCursor::parse);
		boolean oldest = "start".equals(value("after"));
		EntryCursor after = oldest ? null : read("after", EntryCursor::parse);
		if (before != null && value("after") != null) {
			throw new InvalidParameterException("after", "cannot be combined with 'before'");
		}
		Direction direction = (oldest || after != null) ? Direction.NEWER : Direction.OLDER;
		EntryCursor cursor = (after != null) ? after : before;
		PageSelection sized = read("size", (size) -> new PageSelection(direction, cursor, number(size)));
		return (sized != null) ? sized : new PageSelection(direction, cursor, DEFAULT_SIZE);
	}

	private static int number(String text) {
		try {
			return Integer.parseInt(text);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("is not a number", ex);
		}
	}

	/**
	 * Return what the entries have in common.
	 * @return the filter
	 */
	public EntryFilter filter() {
		return this.filter;
	}

	/**
	 * Return which of the entries a page shows.
	 * @return the selection
	 */
	public PageSelection pageSelection() {
		return this.selection;
	}

	/**
	 * Return the time zone in which times are shown.
	 * @return the zone
	 */
	public ZoneId timeZone() {
		return this.zone;
	}

	/**
	 * Return whether the entries are limited by anything.
	 * @return whether there is a filter
	 */
	public boolean isFiltered() {
		return FILTERS.stream().anyMatch(this.values::containsKey);
	}

	/**
	 * Return the address of a page of the same filter.
	 * @param path the path of the page
	 * @return the address, without the place in the pages
	 */
	public String url(String path) {
		return changed(path, this.values, Map.of());
	}

	/**
	 * Return the address of a page of a changed filter.
	 * @param path the path of the page
	 * @param name the parameter that changes
	 * @param value its value
	 * @return the address, without the place in the pages
	 */
	public String url(String path, String name, Object value) {
		return changed(path, this.values, Map.of(name, value.toString()));
	}

	/**
	 * Return the address of a page without a filter.
	 * @param path the path of the page
	 * @return the address, with the time zone
	 */
	public String path(String path) {
		return changed(path, zoneOnly(), Map.of());
	}

	/**
	 * Return the address of a page with one condition.
	 * @param path the path of the page
	 * @param name the parameter of the condition
	 * @param value its value
	 * @return the address, with the time zone
	 */
	public String fresh(String path, String name, Object value) {
		return changed(path, zoneOnly(), Map.of(name, value.toString()));
	}

	/**
	 * Return the address of a task.
	 * @param id the id of the task
	 * @return the address of its page
	 */
	public String task(String id) {
		return task("/tasks", id, zoneOnly());
	}

	/**
	 * Return the address of another page of a task.
	 * @param path the path of tasks
	 * @param id the id of the task
	 * @param name the parameter that changes
	 * @param value its value
	 * @return the address
	 */
	public String task(String path, String id, String name, Object value) {
		return task(path, id, changed(this.values, Map.of(name, value.toString())));
	}

	/**
	 * Return the address of a task with times in another zone.
	 * @param id the id of the task
	 * @param zoneId the zone
	 * @return the address, with the same place in its pages
	 */
	public String taskInZone(String id, String zoneId) {
		return task("/tasks", id, inZone(zoneId));
	}

	// Servers and proxies do not take each character in a path, whichever way it is
	// encoded
	private static String task(String path, String id, Map<String, String> values) {
		if (PATH_SEGMENT.matcher(id).matches()) {
			return address(path + "/" + id, values);
		}
		Map<String, String> all = new LinkedHashMap<>();
		all.put("id", id);
		all.putAll(values);
		return address(path, all);
	}

	/**
	 * Return the address of the gaps of the same time.
	 * @param path the path of the page
	 * @return the address, without the other conditions
	 */
	public String gapsOfTime(String path) {
		Map<String, String> kept = new LinkedHashMap<>(this.values);
		kept.keySet().retainAll(List.of("from", "to", ZONE));
		return changed(path, kept, Map.of("kind", EntryKind.GAP.name()));
	}

	/**
	 * Return the address of the same page with times in another zone.
	 * @param path the path of the page
	 * @param zoneId the zone
	 * @return the address, with the same place in the pages
	 */
	public String inZone(String path, String zoneId) {
		return address(path, inZone(zoneId));
	}

	private Map<String, String> inZone(String zoneId) {
		Map<String, String> changed = new LinkedHashMap<>(this.values);
		// A time without an offset would become another one
		changed.computeIfPresent("from", (name, value) -> String.valueOf(this.filter.from()));
		changed.computeIfPresent("to", (name, value) -> String.valueOf(this.filter.to()));
		changed.put(ZONE, zoneId);
		return changed;
	}

	/**
	 * Return the address of exactly this query.
	 * @param path the path of the page
	 * @return the address
	 */
	public String self(String path) {
		return address(path, this.values);
	}

	/**
	 * Return a time as a field of a form takes it.
	 * @param name the parameter, {@code from} or {@code to}
	 * @param given what was given, if it cannot be understood
	 * @return the time in the zone, without its offset
	 */
	public String local(String name, String given) {
		Instant time = name.equals("from") ? this.filter.from() : this.filter.to();
		return (time != null) ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time.atZone(this.zone)) : given;
	}

	private Map<String, String> zoneOnly() {
		String chosen = value(ZONE);
		return (chosen != null) ? Map.of(ZONE, chosen) : Map.of();
	}

	private static String changed(String path, Map<String, String> values, Map<String, String> changes) {
		return address(path, changed(values, changes));
	}

	private static Map<String, String> changed(Map<String, String> values, Map<String, String> changes) {
		Map<String, String> changed = new LinkedHashMap<>(values);
		changed.remove("before");
		changed.remove("after");
		changed.putAll(changes);
		return changed;
	}

	private static String address(String path, Map<String, String> values) {
		UriComponentsBuilder address = UriComponentsBuilder.fromPath(path);
		values.keySet().forEach((name) -> address.queryParam(name, "{" + name + "}"));
		return address.encode().buildAndExpand(values).toUriString();
	}

	/**
	 * Return the parameters as the access log has them.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		this.values.forEach((name, value) -> text.append(text.isEmpty() ? "" : " ")
			.append(name)
			.append("=")
			.append((value.indexOf(' ') >= 0) ? '"' + value + '"' : value));
		return text.toString();
	}

}
