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

package cloud.requence.samples.auditlog.search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words that a payload contains, in the syntax of search engines: all of them, or those
 * on one side of {@code or}; not those with a minus in front; and in quotes one after the
 * other. A word with digits or signs, such as an id, is also found as it is written.
 */
public final class TextQuery {

	/** The longest text. */
	public static final int MAX_LENGTH = 200;

	private static final int MAX_WORDS = 20;

	private static final Pattern TERM = Pattern.compile("(-?)(?:\"([^\"]*)\"?|(\\S+))");

	private static final Pattern LETTERS = Pattern.compile("\\p{L}+");

	private static final Pattern SEARCHABLE = Pattern.compile("[\\p{L}\\p{N}]");

	private final String text;

	private final String expression;

	private final List<Object> arguments;

	private TextQuery(String text, String expression, List<Object> arguments) {
		this.text = text;
		this.expression = expression;
		this.arguments = arguments;
	}

	/**
	 * Read a query.
	 * @param text the words
	 * @return the query
	 * @throws IllegalArgumentException if it is too long, or has no word to look for; the
	 * message says so
	 */
	public static TextQuery parse(String text) {
		if (text.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("has more than " + MAX_LENGTH + " characters");
		}
		List<String> alternatives = new ArrayList<>();
		List<Object> arguments = new ArrayList<>();
		Alternative alternative = new Alternative();
		Matcher matcher = TERM.matcher(text);
		while (matcher.find()) {
			if ("or".equalsIgnoreCase(matcher.group())) {
				alternative.endIn(alternatives);
				alternative = new Alternative();
			}
			else {
				alternative.add(matcher, arguments);
			}
		}
		alternative.endIn(alternatives);
		if (arguments.size() > MAX_WORDS) {
			throw new IllegalArgumentException("has more than " + MAX_WORDS + " words");
		}
		return new TextQuery(text, String.join(" || ", alternatives), List.copyOf(arguments));
	}

	/**
	 * Return the SQL expression of the query: a {@code tsquery}.
	 */
	String expression() {
		return this.expression;
	}

	List<Object> arguments() {
		return this.arguments;
	}

	/**
	 * Return the words as they were written.
	 */
	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * Words of which all are to be found.
	 */
	private static final class Alternative {

		private final List<String> terms = new ArrayList<>();

		private boolean positive;

		void add(Matcher term, List<Object> arguments) {
			String phrase = term.group(2);
			String word = (phrase != null) ? phrase : term.group(3);
			if (word == null || !SEARCHABLE.matcher(word).find()) {
				return;
			}
			boolean negative = !term.group(1).isEmpty();
			boolean plain = phrase != null || LETTERS.matcher(word).matches();
			String function = plain ? "phraseto_tsquery('simple', ?)" : "search_word(?)";
			this.terms.add(negative ? "!! " + function : function);
			arguments.add(word);
			this.positive |= !negative;
		}

		void endIn(List<String> alternatives) {
			if (!this.positive) {
				throw new IllegalArgumentException("has no word to look for");
			}
			alternatives.add("(" + String.join(" && ", this.terms) + ")");
		}

	}

}
