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

package cloud.requence.emulator.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The network between an application and a server such as its database, which can be cut.
 */
public final class TcpProxy implements Closeable {

	private final ServerSocket server;

	private final IntSupplier target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile boolean cut;

	/**
	 * Create a proxy that listens on a free port of this machine.
	 * @param target returns the port of the server, which is asked for by each connection
	 * @throws IOException if there is no port
	 */
	public TcpProxy(IntSupplier target) throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.target = target;
		start(this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * End all connections, and refuse others until {@link #mend()}.
	 * @return how many were ended
	 * @throws IOException if a connection cannot be closed
	 */
	public int cut() throws IOException {
		this.cut = true;
		int ended = 0;
		for (Socket socket : this.sockets) {
			socket.close();
			ended++;
		}
		return ended / 2;
	}

	/**
	 * Accept connections again.
	 */
	public void mend() {
		this.cut = false;
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket client = this.server.accept();
			if (this.cut) {
				client.close();
				continue;
			}
			Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target.getAsInt());
			this.sockets.add(client);
			this.sockets.add(upstream);
			start(() -> copy(client, upstream));
			start(() -> copy(upstream, client));
		}
	}

	private void copy(Socket from, Socket to) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			in.transferTo(out);
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private static void start(Transfer transfer) {
		Thread thread = new Thread(() -> {
			try {
				transfer.run();
			}
			catch (IOException ex) {
				// The connection has ended
			}
		}, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		cut();
	}

	/**
	 * Work that continues until a connection ends.
	 */
	@FunctionalInterface
	private interface Transfer {

		void run() throws IOException;

	}

}
