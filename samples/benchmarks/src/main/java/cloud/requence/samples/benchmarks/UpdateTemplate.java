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
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an update, as a chunk of a response. Its position, and what tells its task
 * and its identifier from those of the round before, are written over each time.
 */
final class UpdateTemplate {

	/** Positions have a fixed number of digits, and fit into those of JavaScript. */
	static final long FIRST_POSITION = 1_000_000_000_000_000L;

	private static final int POSITION_DIGITS = Long.toString(FIRST_POSITION).length();

	private static final String ROUND = "________";

	private static final int UPDATES_OF_A_TASK = 10;

	private final byte[] chunk;

	private final int eventStart;

	private final int positionAt;

	private final int[] roundsAt;

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
		int dataAt = size.length + begin.length();
		// The envelope is ASCII up to the last of them
		this.roundsAt = new int[] { dataAt + data.indexOf(ROUND), dataAt + data.indexOf(ROUND, data.indexOf(ROUND) + 1),
				dataAt + data.lastIndexOf(ROUND) };
	}

	/**
	 * Return the updates of a round in which all tasks are open at the same time.
	 */
	static List<UpdateTemplate> round(Profile profile, int openTasks) {
		String payload = profile.payload();
		List<UpdateTemplate> updates = new ArrayList<>();
		for (int step = 0; step < UPDATES_OF_A_TASK; step++) {
			updates.addAll(step(payload, openTasks, step));
		}
		return updates;
	}

	/**
	 * Return the starts of tasks.
	 */
	static List<UpdateTemplate> starts(Profile profile, int tasks) {
		return step(profile.payload(), tasks, 0);
	}

	private static List<UpdateTemplate> step(String payload, int tasks, int step) {
		List<UpdateTemplate> updates = new ArrayList<>(tasks);
		for (int task = 0; task < tasks; task++) {
			String id = String.format("%s-0000-4000-8000-%012d", ROUND, task);
			String envelope = String.format(
					"{\"taskId\":\"%1$s\",\"task_id\":\"%1$s\",\"updateId\":\"%2$s-0000-4000-9000-%3$012d\",\"name\":\"order\","
							+ "\"timestamp\":\"2026-11-25T10:15:30.123Z\",\"rootTaskId\":null,",
					id, ROUND, task * UPDATES_OF_A_TASK + step);
			updates.add(switch (step) {
				case 0 -> new UpdateTemplate("taskStart", envelope + "\"input\":" + payload + "}");
				case UPDATES_OF_A_TASK - 1 -> new UpdateTemplate("taskEnd",
						envelope + "\"exit\":null,\"requireAck\":false,\"result\":" + payload + "}");
				default -> new UpdateTemplate("nodeUpdate",
						envelope + "\"node\":{\"id\":\"n" + step % 4 + "\",\"type\":\"service\",\"alias\":\"step"
								+ step % 4 + "\"},\"output\":null,\"data\":" + payload + "}");
			});
		}
		return updates;
	}

	/**
	 * Write the update.
	 * @param out where to
	 * @param chunked whether as a chunk
	 * @param round the round, which is part of the identifiers
	 * @param position the position, of as many digits as the first one
	 * @throws IOException if the connection is gone
	 */
	void write(OutputStream out, boolean chunked, int round, long position) throws IOException {
		long rest = position;
		for (int i = this.positionAt + POSITION_DIGITS - 1; i >= this.positionAt; i--) {
			this.chunk[i] = (byte) ('0' + rest % 10);
			rest /= 10;
		}
		for (int at : this.roundsAt) {
			for (int i = 0; i < ROUND.length(); i++) {
				this.chunk[at + i] = (byte) Character.forDigit((round >>> (4 * (7 - i))) & 0xf, 16);
			}
		}
		if (chunked) {
			out.write(this.chunk);
		}
		else {
			out.write(this.chunk, this.eventStart, size());
		}
	}

	/**
	 * Return how many bytes the update has.
	 */
	int size() {
		return this.chunk.length - 2 - this.eventStart;
	}

}
