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

package cloud.requence.task.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import cloud.requence.task.stream.UpdateDecodingException.Problem;

/**
 * Walks over JSON in UTF-8 and checks that it is valid. Nothing is built on the way: time
 * grows with the number of bytes alone, whatever names, numbers and nesting there are,
 * and memory by one bit for each level of nesting.
 */
final class JsonScanner {

	private static final int INITIAL_LEVELS = 4;

	private final byte[] bytes;

	private final int end;

	private int index;

	/** One bit for each open container: set for an object, clear for an array. */
	private long[] levels = new long[INITIAL_LEVELS];

	private int depth;

	/** Whether a container was opened and nothing of it was read yet. */
	private boolean atFirst;

	private int nameStart;

	private int nameEnd;

	JsonScanner(byte[] bytes, int start, int end) {
		this.bytes = bytes;
		this.index = start;
		this.end = end;
	}

	/**
	 * Return where the scanner is.
	 */
	int index() {
		return this.index;
	}

	/**
	 * Return whether nothing but white space follows.
	 */
	boolean isAtEnd() {
		skipWhitespace();
		return this.index == this.end;
	}

	/**
	 * Enter an object.
	 * @return {@code false} if the next value is none
	 */
	boolean enterObject() throws UpdateDecodingException {
		if (next() != '{') {
			return false;
		}
		open(true);
		return true;
	}

	/**
	 * Go to the next member of the object that was entered last, or leave it.
	 * @return whether there is another member, at whose value the scanner is then
	 */
	boolean nextMember() throws UpdateDecodingException {
		boolean more = this.atFirst ? !closes('}') : !endsContainer();
		if (more) {
			this.atFirst = false;
			readName();
			next();
		}
		return more;
	}

	/**
	 * Return where the name of the member starts, after its quotation mark.
	 */
	int nameStart() {
		return this.nameStart;
	}

	/**
	 * Return where the name of the member ends, before its quotation mark.
	 */
	int nameEnd() {
		return this.nameEnd;
	}

	/**
	 * Skip a value.
	 */
	void skipValue() throws UpdateDecodingException {
		int outer = this.depth;
		boolean complete = skipScalarOrOpen();
		while (this.depth > outer) {
			complete = complete ? endsContainer() : skipFirst();
			if (!complete) {
				complete = skipElement();
			}
		}
	}

	private boolean skipFirst() throws UpdateDecodingException {
		this.atFirst = false;
		return closes(inObject() ? '}' : ']');
	}

	private boolean skipElement() throws UpdateDecodingException {
		if (inObject()) {
			readName();
		}
		return skipScalarOrOpen();
	}

	/**
	 * Begin a value.
	 * @return {@code false} if it is a container, which is open now
	 */
	private boolean skipScalarOrOpen() throws UpdateDecodingException {
		byte first = next();
		switch (first) {
			case '{', '[' -> {
				open(first == '{');
				return false;
			}
			case '"' -> skipString();
			case 't' -> skipLiteral("true");
			case 'f' -> skipLiteral("false");
			case 'n' -> skipLiteral("null");
			default -> skipNumber(first);
		}
		return true;
	}

	private void open(boolean object) {
		this.index++;
		int word = this.depth >>> 6;
		if (word == this.levels.length) {
			this.levels = Arrays.copyOf(this.levels, word * 2);
		}
		long bit = 1L << this.depth;
		this.levels[word] = object ? this.levels[word] | bit : this.levels[word] & ~bit;
		this.depth++;
		this.atFirst = true;
	}

	private boolean inObject() {
		int level = this.depth - 1;
		return (this.levels[level >>> 6] & (1L << level)) != 0;
	}

	/**
	 * Go on after a value in a container.
	 * @return whether the container ends; otherwise its next element follows
	 */
	private boolean endsContainer() throws UpdateDecodingException {
		if (closes(inObject() ? '}' : ']')) {
			return true;
		}
		expect(',');
		return false;
	}

	private boolean closes(char bracket) throws UpdateDecodingException {
		if (next() != bracket) {
			return false;
		}
		this.index++;
		this.depth--;
		this.atFirst = false;
		return true;
	}

	private void readName() throws UpdateDecodingException {
		if (next() != '"') {
			throw notJson();
		}
		int start = this.index + 1;
		skipString();
		this.nameStart = start;
		this.nameEnd = this.index - 1;
		expect(':');
	}

	private void skipString() throws UpdateDecodingException {
		int at = this.index + 1;
		while (at < this.end) {
			byte current = this.bytes[at++];
			if (current == '"') {
				this.index = at;
				return;
			}
			if (current == '\\') {
				this.index = at;
				skipEscape();
				at = this.index;
			}
			else if (current >= 0 && current < ' ') {
				throw notJson();
			}
		}
		throw truncated();
	}

	private void skipEscape() throws UpdateDecodingException {
		switch (take()) {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
			}
			case 'u' -> {
				for (int i = 0; i < 4; i++) {
					if (Character.digit(take(), 16) < 0) {
						throw notJson();
					}
				}
			}
			default -> throw notJson();
		}
	}

	private void skipLiteral(String literal) throws UpdateDecodingException {
		for (int i = 0; i < literal.length(); i++) {
			if (take() != literal.charAt(i)) {
				throw notJson();
			}
		}
	}

	private void skipNumber(byte first) throws UpdateDecodingException {
		if (first == '-') {
			this.index++;
		}
		if (peek() == '0') {
			this.index++;
		}
		else {
			skipDigits();
		}
		if (peek() == '.') {
			this.index++;
			skipDigits();
		}
		if (peek() == 'e' || peek() == 'E') {
			this.index++;
			if (peek() == '+' || peek() == '-') {
				this.index++;
			}
			skipDigits();
		}
	}

	private void skipDigits() throws UpdateDecodingException {
		int start = this.index;
		while (isDigit(peek())) {
			this.index++;
		}
		if (this.index == start) {
			throw (this.index == this.end) ? truncated() : notJson();
		}
	}

	private static boolean isDigit(byte value) {
		return value >= '0' && value <= '9';
	}

	private void expect(char wanted) throws UpdateDecodingException {
		if (next() != wanted) {
			throw notJson();
		}
		this.index++;
	}

	/**
	 * Return the next byte that is no white space, and stay there.
	 */
	private byte next() throws UpdateDecodingException {
		skipWhitespace();
		if (this.index == this.end) {
			throw truncated();
		}
		return this.bytes[this.index];
	}

	private byte take() throws UpdateDecodingException {
		if (this.index == this.end) {
			throw truncated();
		}
		return this.bytes[this.index++];
	}

	/**
	 * Return the byte at hand; zero at the end.
	 */
	private byte peek() {
		return (this.index < this.end) ? this.bytes[this.index] : 0;
	}

	private void skipWhitespace() {
		while (this.index < this.end && isWhitespace(this.bytes[this.index])) {
			this.index++;
		}
	}

	private static boolean isWhitespace(byte value) {
		return value == ' ' || value == '\t' || value == '\n' || value == '\r';
	}

	private static UpdateDecodingException notJson() {
		return new UpdateDecodingException(Problem.NOT_JSON);
	}

	private static UpdateDecodingException truncated() {
		return new UpdateDecodingException(Problem.TRUNCATED);
	}

	/**
	 * Return the text that the inside of a string stands for. It must be valid.
	 * @param bytes the JSON
	 * @param start where the text starts, after the quotation mark
	 * @param end where the text ends, before the quotation mark
	 */
	static String text(byte[] bytes, int start, int end) {
		String raw = new String(bytes, start, end - start, StandardCharsets.UTF_8);
		int escape = raw.indexOf('\\');
		if (escape < 0) {
			return raw;
		}
		StringBuilder text = new StringBuilder(raw.length());
		int from = 0;
		while (escape >= 0) {
			text.append(raw, from, escape);
			char kind = raw.charAt(escape + 1);
			from = escape + 2;
			if (kind == 'u') {
				text.append((char) Integer.parseInt(raw, from, from + 4, 16));
				from += 4;
			}
			else {
				text.append(unescaped(kind));
			}
			escape = raw.indexOf('\\', from);
		}
		return text.append(raw, from, raw.length()).toString();
	}

	private static char unescaped(char kind) {
		return switch (kind) {
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			default -> kind;
		};
	}

}
