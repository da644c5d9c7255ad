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

package cloud.requence.task.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

import cloud.requence.emulator.RequenceEmulator;

/**
 * An emulator behind TLS, with a certificate of its own making and, if asked for, only
 * for clients with theirs.
 */
final class TlsPlatform implements AutoCloseable {

	static final String PASSWORD = "changeit";

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final Path directory;

	private final SSLServerSocket server;

	TlsPlatform(Path directory, boolean needClientAuth) throws Exception {
		this.directory = directory;
		createKey("server");
		createKey("client");
		this.server = (SSLServerSocket) context().getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.server.setNeedClientAuth(needClientAuth);
		start(this::accept);
	}

	/**
	 * Return the key of one side, as a store in a file.
	 */
	Path key(String side) {
		return this.directory.resolve(side + ".p12");
	}

	/**
	 * Return the store that trusts one side.
	 */
	Path trust(String side) {
		return this.directory.resolve("trusts-" + side + ".p12");
	}

	RequenceEmulator emulator() {
		return this.emulator;
	}

	String accessToken() {
		return this.emulator.accessToken(URI.create("https://localhost:" + this.server.getLocalPort() + "/api"));
	}

	private void createKey(String side) throws Exception {
		keytool("-genkeypair", "-alias", side, "-keyalg", "EC", "-dname", "CN=" + side, "-ext",
				"san=dns:localhost,ip:127.0.0.1", "-validity", "2", "-keystore", key(side).toString());
		KeyStore trust = KeyStore.getInstance("PKCS12");
		trust.load(null, null);
		trust.setCertificateEntry(side,
				KeyStore.getInstance(key(side).toFile(), PASSWORD.toCharArray()).getCertificate(side));
		try (OutputStream out = Files.newOutputStream(trust(side))) {
			trust.store(out, PASSWORD.toCharArray());
		}
	}

	private static void keytool(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
						"-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
		command.addAll(List.of(arguments));
		command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
		Process process = new ProcessBuilder(command).inheritIO().start();
		if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
			throw new IllegalStateException("keytool has failed");
		}
	}

	private SSLContext context() throws Exception {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(KeyStore.getInstance(key("server").toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(KeyStore.getInstance(trust("client").toFile(), PASSWORD.toCharArray()));
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		return context;
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket outside = this.server.accept();
			start(() -> {
				try (outside;
						Socket inside = new Socket(this.emulator.baseUrl().getHost(),
								this.emulator.baseUrl().getPort())) {
					start(() -> copy(inside, outside));
					copy(outside, inside);
				}
			});
		}
	}

	private static void copy(Socket from, Socket to) throws IOException {
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			byte[] buffer = new byte[8192];
			int count = in.read(buffer);
			while (count >= 0) {
				out.write(buffer, 0, count);
				out.flush();
				count = in.read(buffer);
			}
		}
	}

	private static void start(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// One of the sides has gone, or does not trust the other
			}
		}, "tls-platform");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.emulator.close();
	}

	@FunctionalInterface
	private interface Work {

		void run() throws IOException;

	}

}
