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

package cloud.requence.task.support;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over JSON in UTF-8 and checks that it is valid. Nothing is built on the way: time
 * grows with the number of bytes alone, whatever names, numbers and nesting there are,
 * and memory by one bit for each level of nesting.
 */
public final class JsonScanner {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long LOW_BITS = 0x0101010101010101L;

	private static final long HIGH_BITS = LOW_BITS << 7;

	private static final long QUOTATION_MARKS = LOW_BITS * '"';

	private static final long BACKSLASHES = LOW_BITS * '\\';

	private static final long SPACES = LOW_BITS * ' ';

	private final byte[] bytes;

	private final int end;

	private int index;

	/** One bit for each open container: set for an object, clear for an array. */
	private long[] levels = new long[1];

	private int depth;

	/** Whether a container was opened and nothing of it was read yet. */
	private boolean atFirst;

	private int nameStart;

	private int nameEnd;

	/**
	 * Create a scanner.
	 * @param bytes the bytes, which must not change
	 * @param start where the JSON starts
	 * @param end where the JSON ends
	 */
	public JsonScanner(byte[] bytes, int start, int end) {
		this.bytes = bytes;
		this.index = start;
		this.end = end;
	}

	/**
	 * Return where the scanner is.
	 * @return the index
	 */
	public int index() {
		return this.index;
	}

	/**
	 * Return whether nothing but white space follows.
	 * @return whether the JSON is complete
	 */
	public boolean isAtEnd() {
		this.index = skipWhitespace(this.index);
		return this.index == this.end;
	}

	/**
	 * Enter an object.
	 * @return {@code false} if the next value is none
	 * @throws JsonSyntaxException if there is no value
	 */
	public boolean enterObject() throws JsonSyntaxException {
		this.index = skipWhitespace(this.index);
		if (byteAt(this.index) != '{') {
			return false;
		}
		open(true);
		this.index++;
		this.atFirst = true;
		return true;
	}

	/**
	 * Go to the next member of the object that was entered last, or leave it.
	 * @return whether there is another member, at whose value the scanner is then
	 * @throws JsonSyntaxException if there is neither a member nor the end
	 */
	public boolean nextMember() throws JsonSyntaxException {
		int at = skipWhitespace(this.index);
		byte next = byteAt(at);
		if (next == '}') {
			this.depth--;
			this.atFirst = false;
			this.index = at + 1;
			return false;
		}
		if (!this.atFirst) {
			if (next != ',') {
				throw notJson();
			}
			at = skipWhitespace(at + 1);
		}
		this.atFirst = false;
		this.index = skipName(at);
		this.nameStart = at + 1;
		return true;
	}

	/**
	 * Return where the name of the member starts, after its quotation mark.
	 * @return the index
	 */
	public int nameStart() {
		return this.nameStart;
	}

	/**
	 * Return where the name of the member ends, before its quotation mark.
	 * @return the index
	 */
	public int nameEnd() {
		return this.nameEnd;
	}

	/**
	 * Skip a value.
	 * @throws JsonSyntaxException if it is not valid
	 */
	public void skipValue() throws JsonSyntaxException {
		int at = skipWhitespace(this.index);
		byte first = byteAt(at);
		this.index = isContainer(first) ? skipContainer(at) : skipScalar(at, first);
	}

	// A loop and no recursion: nesting must not use up the stack
	private int skipContainer(int start) throws JsonSyntaxException {
		int outer = this.depth;
		int at = start;
		while (true) {
			byte first = byteAt(at);
			if (isContainer(first)) {
				boolean object = first == '{';
				open(object);
				at = skipWhitespace(at + 1);
				if (byteAt(at) != closing(object)) {
					at = object ? skipName(at) : at;
					continue;
				}
			}
			else {
				at = skipScalar(at, first);
			}
			at = skipWhitespace(at);
			while (byteAt(at) == closing(inObject())) {
				at++;
				this.depth--;
				if (this.depth == outer) {
					return at;
				}
				at = skipWhitespace(at);
			}
			if (this.bytes[at] != ',') {
				throw notJson();
			}
			at = skipWhitespace(at + 1);
			at = inObject() ? skipName(at) : at;
		}
	}

	private int skipScalar(int at, byte first) throws JsonSyntaxException {
		return switch (first) {
			case '"' -> skipString(at);
			case 't' -> skipLiteral(at, "true");
			case 'f' -> skipLiteral(at, "false");
			case 'n' -> skipLiteral(at, "null");
			default -> skipNumber(at, first);
		};
	}

	private static boolean isContainer(byte first) {
		return first == '{' || first == '[';
	}

	private static byte closing(boolean object) {
		return (byte) (object ? '}' : ']');
	}

	private void open(boolean object) {
		int word = this.depth >>> 6;
		if (word == this.levels.length) {
			this.levels = Arrays.copyOf(this.levels, word * 2);
		}
		long bit = 1L << this.depth;
		this.levels[word] = object ? this.levels[word] | bit : this.levels[word] & ~bit;
		this.depth++;
	}

	private boolean inObject() {
		int level = this.depth - 1;
		return (this.levels[level >>> 6] & (1L << level)) != 0;
	}

	/**
	 * Skip the name of a member.
	 * @return where its value is
	 */
	private int skipName(int start) throws JsonSyntaxException {
		if (byteAt(start) != '"') {
			throw notJson();
		}
		int at = skipString(start);
		this.nameEnd = at - 1;
		at = skipWhitespace(at);
		if (byteAt(at) != ':') {
			throw notJson();
		}
		at = skipWhitespace(at + 1);
		if (at == this.end) {
			throw truncated();
		}
		return at;
	}

	private int skipString(int start) throws JsonSyntaxException {
		int at = skipPlain(start + 1);
		while (byteAt(at) != '"') {
			if (this.bytes[at] != '\\') {
				throw notJson();
			}
			at = skipPlain(skipEscape(at + 1));
		}
		return at + 1;
	}

	/**
	 * Return the index of the next byte that means something within a string, or must not
	 * be there; the end if there is none.
	 */
	private int skipPlain(int from) {
		int at = from;
		for (; at <= this.end - Long.BYTES; at += Long.BYTES) {
			long found = special((long) LONGS.get(this.bytes, at));
			if (found != 0) {
				return at + (Long.numberOfTrailingZeros(found) >>> 3);
			}
		}
		while (at < this.end && !isSpecial(this.bytes[at])) {
			at++;
		}
		return at;
	}

	// Has the high bit of every byte that is special, and perhaps of some above such a
	// byte
	private static long special(long word) {
		long quotationMarks = word ^ QUOTATION_MARKS;
		long backslashes = word ^ BACKSLASHES;
		return (((quotationMarks - LOW_BITS) & ~quotationMarks) | ((backslashes - LOW_BITS) & ~backslashes)
				| ((word - SPACES) & ~word)) & HIGH_BITS;
	}

	private static boolean isSpecial(byte value) {
		return value == '"' || value == '\\' || (value >= 0 && value < ' ');
	}

	private int skipEscape(int start) throws JsonSyntaxException {
		switch (byteAt(start)) {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
				return start + 1;
			}
			case 'u' -> {
				int last = start + 4;
				for (int at = start + 1; at <= last; at++) {
					if (Character.digit(byteAt(at), 16) < 0) {
						throw notJson();
					}
				}
				return last + 1;
			}
			default -> throw notJson();
		}
	}

	private int skipLiteral(int start, String literal) throws JsonSyntaxException {
		for (int i = 0; i < literal.length(); i++) {
			if (byteAt(start + i) != literal.charAt(i)) {
				throw notJson();
			}
		}
		return start + literal.length();
	}

	private int skipNumber(int start, byte first) throws JsonSyntaxException {
		int at = (first == '-') ? start + 1 : start;
		at = (peek(at) == '0') ? at + 1 : skipDigits(at);
		if (peek(at) == '.') {
			at = skipDigits(at + 1);
		}
		if (peek(at) == 'e' || peek(at) == 'E') {
			at++;
			if (peek(at) == '+' || peek(at) == '-') {
				at++;
			}
			at = skipDigits(at);
		}
		return at;
	}

	private int skipDigits(int start) throws JsonSyntaxException {
		int at = start;
		while (at < this.end && isDigit(this.bytes[at])) {
			at++;
		}
		if (at == start) {
			throw (at == this.end) ? truncated() : notJson();
		}
		return at;
	}

	private static boolean isDigit(byte value) {
		return value >= '0' && value <= '9';
	}

	private byte byteAt(int at) throws JsonSyntaxException {
		if (at >= this.end) {
			throw truncated();
		}
		return this.bytes[at];
	}

	/**
	 * Return a byte; zero at the end.
	 */
	private byte peek(int at) {
		return (at < this.end) ? this.bytes[at] : 0;
	}

	private int skipWhitespace(int from) {
		int at = from;
		while (at < this.end && isWhitespace(this.bytes[at])) {
			at++;
		}
		return at;
	}

	// Most bytes that are looked at are above all of them
	private static boolean isWhitespace(byte value) {
		return value <= ' ' && (value == ' ' || value == '\t' || value == '\n' || value == '\r');
	}

	private static JsonSyntaxException notJson() {
		return new JsonSyntaxException(false);
	}

	private static JsonSyntaxException truncated() {
		return new JsonSyntaxException(true);
	}

	/**
	 * Return the text that the inside of a string stands for. It must be valid.
	 * @param bytes the JSON
	 * @param start where the text starts, after the quotation mark
	 * @param end where the text ends, before the quotation mark
	 * @return the text
	 */
	public static String text(byte[] bytes, int start, int end) {
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
