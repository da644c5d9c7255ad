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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Passes connections on to a server on this machine, until it is cut.
 */
public final class Relay implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile boolean cut;

	private volatile @Nullable String lastRequest;

	private volatile boolean swallowing;

	private Relay(ServerSocket server, int target) {
		this.server = server;
		this.target = target;
	}

	public static Relay to(int port) throws IOException {
		Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
		start(relay::accept);
		return relay;
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Close all connections, and refuse others.
	 */
	public void cut() {
		this.cut = true;
		this.sockets.forEach(Relay::close);
		this.sockets.clear();
	}

	/**
	 * Close all connections when the server has answered a request.
	 * @param text what the request contains
	 */
	public void cutAtAnswerTo(String text) {
		this.lastRequest = text;
	}

	public boolean isCut() {
		return this.cut;
	}

	/**
	 * Pass connections on again.
	 */
	public void mend() {
		this.cut = false;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				if (this.cut) {
					client.close();
					continue;
				}
				Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
				this.sockets.add(client);
				this.sockets.add(upstream);
				start(() -> copy(client, upstream, true));
				start(() -> copy(upstream, client, false));
			}
			catch (IOException ex) {
				// The next one may succeed
			}
		}
	}

	private void copy(Socket from, Socket to, boolean request) {
		byte[] buffer = new byte[65536];
		try {
			for (int length = from.getInputStream().read(buffer); length >= 0; length = from.getInputStream()
				.read(buffer)) {
				String last = this.lastRequest;
				if (request && last != null
						&& new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(last)) {
					this.lastRequest = null;
					this.swallowing = true;
				}
				else if (!request && this.swallowing) {
					this.swallowing = false;
					cut();
					return;
				}
				to.getOutputStream().write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// Closed below
		}
		close(from);
		close(to);
		this.sockets.remove(from);
		this.sockets.remove(to);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is gone
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		cut();
	}

}
