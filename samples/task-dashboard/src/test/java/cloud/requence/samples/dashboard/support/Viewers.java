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

package cloud.requence.samples.dashboard.support;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * Many browsers that follow a board, in a process of their own: what they need is not
 * what the board needs. They measure how old updates are that name the time at which they
 * were made.
 */
public final class Viewers implements AutoCloseable {

	/** The name of a task that says when it was made. */
	public static final String SENT = "sent ";

	private static final Pattern MADE_AT = Pattern.compile(SENT + "(\\d{13})");

	private final Process process;

	private final BufferedReader output;

	private Viewers(Process process) {
		this.process = process;
		this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Start viewers.
	 * @param board the address of the stream
	 * @param viewers how many
	 * @return the viewers, all of which have received the board
	 */
	public static Viewers start(URI board, int viewers) throws IOException {
		Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx1g",
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Viewers.class.getName(),
				board.toString(), Integer.toString(viewers))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		Viewers started = new Viewers(process);
		started.output.readLine();
		return started;
	}

	/**
	 * Close all viewers.
	 * @return what they have received
	 */
	public Received stop() throws IOException {
		this.process.getOutputStream().close();
		String[] figures = this.output.readLine().split(" ");
		return new Received(Long.parseLong(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2]),
				Long.parseLong(figures[3]), Long.parseLong(figures[4]));
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	public static void main(String[] arguments) throws Exception {
		int viewers = Integer.parseInt(arguments[1]);
		CountDownLatch connected = new CountDownLatch(viewers);
		LongAdder messages = new LongAdder();
		ConcurrentLinkedQueue<Long> ages = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < viewers; i++) {
			new Thread(() -> follow(URI.create(arguments[0]), connected, messages, ages)).start();
		}
		connected.await();
		// What has waited while the first message was sent to all of them is no sign of
		// the usual
		messages.reset();
		ages.clear();
		System.out.println("connected");
		System.in.read();
		List<Long> sorted = ages.stream().sorted().toList();
		System.out.println(messages.sum() + " " + sorted.size() + " " + percentile(sorted, 0.5) + " "
				+ percentile(sorted, 0.99) + " " + percentile(sorted, 1));
		System.out.flush();
		Runtime.getRuntime().halt(0);
	}

	private static void follow(URI board, CountDownLatch connected, LongAdder messages,
			ConcurrentLinkedQueue<Long> ages) {
		try (InputStream stream = new BufferedInputStream(board.toURL().openStream(), 65_536)) {
			// The first message has all tasks, and is not looked at
			for (int read = stream.read(); read != '\n'; read = stream.read()) {
				Assert.state(read >= 0, "The board has ended the stream");
			}
			connected.countDown();
			BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				long now = System.currentTimeMillis();
				messages.add(line.isEmpty() ? 0 : 1);
				MADE_AT.matcher(line).results().map((found) -> now - Long.parseLong(found.group(1))).forEach(ages::add);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a percentile.
	 * @param sorted numbers in ascending order
	 * @param part the part of them that is not larger
	 */
	public static <T> T percentile(List<T> sorted, double part) {
		return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * part)));
	}

	/**
	 * What viewers have received.
	 *
	 * @param messages how many messages, the first ones not included
	 * @param updates how many updates that say when they were made
	 * @param p50 the median of the ages of updates, in milliseconds
	 * @param p99 the age that 99 percent of them did not exceed
	 * @param worst the largest age
	 */
	public record Received(long messages, long updates, long p50, long p99, long worst) {

	}

}
