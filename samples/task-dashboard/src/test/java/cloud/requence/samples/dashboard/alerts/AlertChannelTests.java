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

package cloud.requence.samples.dashboard.alerts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.internet.MimeMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.mail.javamail.JavaMailSenderImpl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the channels of {@link Alerts}.
 */
class AlertChannelTests {

	private static final Incident FAILURES = new Incident("1", "failure-rate", "failure-rate",
			"invoice\r\nBcc: x@example.com", "6 of 12 tasks have failed", 6, "task 7", "no\nbudget", 1_800_000_000_000L,
			null);

	private static final Incident GONE = new Incident("2", "watcher-gone", "watcher-gone", "", "Blind since 14:02", 0,
			null, null, 1_800_000_000_000L, 1_800_000_060_000L);

	private final NoticeText text = new NoticeText("https://tasks.example");

	@Nested
	class Webhook {

		private final List<String> bodies = new CopyOnWriteArrayList<>();

		private final List<String> tokens = new CopyOnWriteArrayList<>();

		private HttpServer server;

		private volatile int status = 200;

		private volatile boolean endless;

		private WebhookChannel channel;

		@BeforeEach
		void start() throws IOException {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			this.server.createContext("/", (exchange) -> {
				this.bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
				this.tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
				exchange.getResponseHeaders().set("Location", "/elsewhere");
				exchange.sendResponseHeaders(this.status, this.endless ? 0 : -1);
				if (!this.endless) {
					exchange.close();
				}
			});
			this.server.start();
			URI url = URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + "/hook");
			this.channel = new WebhookChannel(new AlertProperties.Webhook(url, "Bearer x", Duration.ofSeconds(20)),
					AlertChannelTests.this.text, new JsonMapper());
		}

		@AfterEach
		void stop() {
			this.server.stop(0);
		}

		@Test
		void postsOneNoticeForAllIncidents() throws Exception {
			this.channel.send(List.of(FAILURES, GONE));
			JsonNode body = new JsonMapper().readTree(this.bodies.get(0));
			assertThat(body.path("text").asString())
				.startsWith("1 incidents, 1 resolved\n\ninvoice Bcc: x@example.com: 6 of 12")
				.contains("First: no budget", "https://tasks.example/?task=task+7",
						"What to do: https://tasks.example/runbook/failure-rate", "Resolved: Blind since 14:02");
			assertThat(body.path("incidents").get(0).path("status").asString()).isEqualTo("firing");
			assertThat(body.path("incidents").get(1).path("status").asString()).isEqualTo("resolved");
			assertThat(this.tokens).containsExactly("Bearer x");
		}

		@Test
		@Timeout(60)
		void doesNotWaitForTheEndOfTheAnswer() throws Exception {
			this.endless = true;
			this.channel.send(List.of(FAILURES));
			assertThat(this.bodies).hasSize(1);
		}

		@Test
		void failsUnlessTheNoticeWasTaken() {
			for (int code : new int[] { 302, 404, 503 }) {
				this.status = code;
				assertThatIOException().isThrownBy(() -> this.channel.send(List.of(FAILURES)))
					.withMessageContaining(Integer.toString(code));
			}
			assertThat(this.bodies).hasSize(3);
			assertThat(new ArrayList<>(this.tokens)).containsOnly("Bearer x");
		}

	}

	@Nested
	class Mail {

		private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

		private final JavaMailSenderImpl sender = new JavaMailSenderImpl();

		private MailChannel channel;

		@BeforeEach
		void start() {
			this.server.start();
			this.sender.setHost("127.0.0.1");
			this.sender.setPort(this.server.getSmtp().getPort());
			this.channel = new MailChannel(this.sender,
					new AlertProperties.Mail(List.of("a@example.com", "b@example.com"), "board@example.com"),
					AlertChannelTests.this.text);
		}

		@AfterEach
		void stop() {
			this.server.stop();
		}

		@Test
		void sendsOneMailToAll() throws Exception {
			this.channel.send(List.of(FAILURES));
			MimeMessage[] mails = this.server.getReceivedMessages();
			assertThat(mails).hasSize(2);
			assertThat(mails[0].getSubject())
				.isEqualTo("[Tasks] invoice Bcc: x@example.com: 6 of 12 tasks have failed");
			assertThat(mails[0].getAllRecipients()).hasSize(2);
			assertThat(mails[0].getHeader("Bcc")).isNull();
			assertThat(mails[0].getContent().toString()).contains("First: no budget",
					"https://tasks.example/runbook/failure-rate");
		}

		@Test
		void failsIfTheServerIsGone() {
			this.server.stop();
			assertThatException().isThrownBy(() -> this.channel.send(List.of(FAILURES)));
		}

	}

}
