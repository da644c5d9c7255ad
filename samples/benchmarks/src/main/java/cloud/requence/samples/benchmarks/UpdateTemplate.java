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

package cloud.requence.samples.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The bytes of an update, as a chunk of a response. Its position and what tells its task
 * and its identifier from those of others are written over each time.
 */
final class UpdateTemplate {

	/** The updates of a task: a start, steps of nodes, and an end. */
	static final int STEPS = 10;

	/** Positions have a fixed number of digits, and fit into those of JavaScript. */
	static final long FIRST_POSITION = 1_000_000_000_000_000L;

	private static final int POSITION_DIGITS = Long.toString(FIRST_POSITION).length();

	private static final String TASK = "_______1-0000-4000-8000-____________";

	private static final String UPDATE = "_______2-0000-4000-9000-____________";

	private static final int ID_LENGTH = TASK.length();

	private static final int NUMBER_DIGITS = 12;

	private static final int ROUND_DIGITS = 8;

	private final byte[] chunk;

	private final int eventStart;

	private final int positionAt;

	private final int taskAt;

	private final int secondTaskAt;

	private final int updateAt;

	private UpdateTemplate(String type, String data) {
		String begin = "id: " + FIRST_POSITION + "\nevent: " + type + "\ndata: ";
		byte[] event = (begin + data + "\n\n").getBytes(StandardCharsets.UTF_8);
		byte[] size = (Integer.toHexString(event.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
		this.chunk = new byte[size.length + event.length + 2];
		System.arraycopy(size, 0, this.chunk, 0, size.length);
		System.arraycopy(event, 0, this.chunk, size.length, event.length);
		this.chunk[this.chunk.length - 2] = '\r';
		this.chunk[this.chunk.length - 1] = '\n';
		this.eventStart = size.length;
		this.positionAt = size.length + "id: ".length();
		// The envelope is ASCII up to the last of them
		int dataAt = size.length + begin.length();
		this.taskAt = dataAt + data.indexOf(TASK);
		this.secondTaskAt = dataAt + data.lastIndexOf(TASK);
		this.updateAt = dataAt + data.indexOf(UPDATE);
	}

	/**
	 * Return the updates of a task, from its start to its end.
	 * @param profile their size
	 * @param requireAck whether the end is to be acknowledged
	 */
	static UpdateTemplate[] steps(Profile profile, boolean requireAck) {
		String payload = profile.payload();
		return IntStream.range(0, STEPS)
			.mapToObj((step) -> step(step, payload, requireAck))
			.toArray(UpdateTemplate[]::new);
	}

	private static UpdateTemplate step(int step, String payload, boolean requireAck) {
		String envelope = "{\"taskId\":\"" + TASK + "\",\"task_id\":\"" + TASK + "\",\"updateId\":\"" + UPDATE
				+ "\",\"name\":\"order\",\"timestamp\":\"2026-11-25T10:15:30.123Z\",\"rootTaskId\":null,";
		return switch (step) {
			case 0 -> new UpdateTemplate("taskStart", envelope + "\"input\":" + payload + "}");
			case STEPS - 1 -> new UpdateTemplate("taskEnd",
					envelope + "\"exit\":null,\"requireAck\":" + requireAck + ",\"result\":" + payload + "}");
			default -> new UpdateTemplate("nodeUpdate",
					envelope + "\"node\":{\"id\":\"n" + step % 4 + "\",\"type\":\"service\",\"alias\":\"step" + step % 4
							+ "\"},\"output\":null,\"data\":" + payload + "}");
		};
	}

	/**
	 * Return the mean size of the updates of a task.
	 */
	static int meanSize(Profile profile) {
		return Arrays.stream(steps(profile, false)).mapToInt(UpdateTemplate::size).sum() / STEPS;
	}

	/**
	 * Write the update.
	 * @param out where to
	 * @param chunked whether as a chunk
	 * @param id what makes its identifiers unique
	 * @param position the position, of as many digits as the first one
	 * @throws IOException if the connection is gone
	 */
	void write(OutputStream out, boolean chunked, Id id, long position) throws IOException {
		write(this.positionAt, POSITION_DIGITS, 10, position);
		write(this.taskAt, ROUND_DIGITS, 16, id.generation());
		write(this.taskAt + ID_LENGTH - NUMBER_DIGITS, NUMBER_DIGITS, 10, id.slot());
		System.arraycopy(this.chunk, this.taskAt, this.chunk, this.secondTaskAt, ID_LENGTH);
		write(this.updateAt, ROUND_DIGITS, 16, id.sweep());
		write(this.updateAt + ID_LENGTH - NUMBER_DIGITS, NUMBER_DIGITS, 10, id.slot());
		if (chunked) {
			out.write(this.chunk);
		}
		else {
			out.write(this.chunk, this.eventStart, size());
		}
	}

	private void write(int at, int digits, int radix, long number) {
		long rest = number;
		for (int i = at + digits - 1; i >= at; i--) {
			this.chunk[i] = (byte) Character.forDigit((int) (rest % radix), radix);
			rest /= radix;
		}
	}

	/**
	 * Return how many bytes the update has.
	 */
	int size() {
		return this.chunk.length - 2 - this.eventStart;
	}

	/**
	 * What makes the identifiers of an update unique.
	 *
	 * @param slot the number of the task among those that are open
	 * @param generation how many tasks had this number before
	 * @param sweep how many updates were sent to all open tasks before
	 */
	record Id(int slot, int generation, int sweep) {
	}

}
