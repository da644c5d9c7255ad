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
package cloud.requence.task;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Inputs for fuzzing: samples that are cut, repeated and overwritten in random places. A
 * run takes as many tries as {@code jqwik.tries.default} says.
 */
public final class Mutations {

	private static final List<byte[]> TOKENS = List
		.of("", "\n", "\r\n", "\r", ":", ": ", "data: ", "event: ", "id: ", "retry: ", "\"", "\\", "{", "}", "[", "]",
				",", "null", "true", "-1", "1e999", "0", "9223372036854775807", "9223372036854775808", "\0", "\ufeff",
				"é", "\ud83d\ude00", "\\ud800", "taskId", "$", "x".repeat(300), "http://", "@", "#", "%2e", "..")
		.stream()
		.map((text) -> text.getBytes(StandardCharsets.UTF_8))
		.toList();

	private Mutations() {
	}

	/**
	 * Return what becomes of some samples, one after the other, by a few mutations.
	 * @param samples the samples to choose from
	 * @param most how many of them follow each other at most
	 */
	public static Arbitrary<Input> of(List<byte[]> samples, int most) {
		Arbitrary<byte[]> joined = Arbitraries.of(samples).list().ofMinSize(1).ofMaxSize(most).map(Mutations::join);
		Arbitrary<Mutation> mutation = Combinators
			.combine(Arbitraries.integers().between(0, 4), Arbitraries.doubles().between(0, 1),
					Arbitraries.integers().between(1, 40), Arbitraries.of(TOKENS), Arbitraries.bytes())
			.as(Mutation::new);
		return Combinators.combine(joined, mutation.list().ofMaxSize(8)).as((bytes, mutations) -> {
			byte[] mutated = bytes;
			for (Mutation next : mutations) {
				mutated = next.apply(mutated);
			}
			return new Input(mutated);
		});
	}

	/**
	 * Return the content of a resource.
	 * @param type where the resource lies
	 * @param name the name of the resource
	 */
	public static byte[] resource(Class<?> type, String name) {
		try (InputStream content = Objects.requireNonNull(type.getResourceAsStream(name), name)) {
			return content.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] join(List<byte[]> parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		parts.forEach(joined::writeBytes);
		return joined.toByteArray();
	}

	/**
	 * An input, which shows itself as text.
	 *
	 * @param bytes the bytes
	 */
	public record Input(byte[] bytes) {

		/**
		 * Return the input as text.
		 */
		public String text() {
			return new String(this.bytes, StandardCharsets.UTF_8);
		}

		@Override
		public String toString() {
			return new String(this.bytes, StandardCharsets.ISO_8859_1);
		}

	}

	private record Mutation(int kind, double place, int length, byte[] token, byte value) {

		byte[] apply(byte[] bytes) {
			int from = (int) (this.place * bytes.length);
			int to = Math.min(bytes.length, from + this.length);
			byte[] head = Arrays.copyOfRange(bytes, 0, from);
			byte[] part = Arrays.copyOfRange(bytes, from, to);
			byte[] tail = Arrays.copyOfRange(bytes, to, bytes.length);
			return switch (this.kind) {
				case 0 -> join(List.of(head, tail));
				case 1 -> join(List.of(head, part, part, tail));
				case 2 -> join(List.of(head, this.token, part, tail));
				case 3 -> join(List.of(head, this.token, tail));
				default -> {
					Arrays.fill(part, this.value);
					yield join(List.of(head, part, tail));
				}
			};
		}

	}

}
