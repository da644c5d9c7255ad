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

package cloud.requence.samples.relay.web;

import java.time.Instant;
import java.util.List;

import cloud.requence.samples.relay.TestKafka;
import cloud.requence.samples.relay.monitoring.DeadLetter;
import cloud.requence.samples.relay.monitoring.Monitor;
import cloud.requence.samples.relay.monitoring.Reading;
import cloud.requence.samples.relay.monitoring.Reading.Failure;
import cloud.requence.samples.relay.monitoring.TopicState;
import cloud.requence.samples.relay.monitoring.TopicState.DeadLetters;
import cloud.requence.samples.relay.monitoring.TopicState.Group;
import cloud.requence.samples.relay.replay.DeadLetterReplay;
import cloud.requence.samples.relay.replay.DeadLetterReplay.Replayed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * Tests of who may see and do what, and of what is shown while Kafka cannot be read.
 */
@SpringBootTest(properties = { "requence.task.auto-startup=false", "relay.security.users.olga.password={noop}secret-o",
		"relay.security.users.olga.role=operator", "relay.security.users.ben.password={noop}secret-b" })
@AutoConfigureMockMvc
@ExtendWith(OutputCaptureExtension.class)
class AccessTests {

	private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

	private static final DeadLetter LETTER = new DeadLetter(0, 5, "updates-3@17", NOW, "taskEnd", "task-1", "invoice",
			9L, "IllegalStateException: refused");

	private static final TopicState STATE = new TopicState("updates", NOW, List.of(), null, List.of(new Group("readers",
			"Stable", List.of(), List.of(), 12L, null, new DeadLetters(List.of(LETTER), false), null)), 0, List.of());

	@MockitoBean
	private Monitor monitor;

	@MockitoBean
	private DeadLetterReplay replay;

	@Autowired
	private MockMvcTester mvc;

	@DynamicPropertySource
	static void kafka(DynamicPropertyRegistry registry) {
		String name = TestKafka.uniqueName();
		registry.add("spring.kafka.bootstrap-servers", TestKafka::address);
		registry.add("relay.name", () -> name);
		registry.add("relay.topic", () -> name);
	}

	@BeforeEach
	void prepare() {
		given(this.monitor.reading()).willReturn(new Reading(STATE, null));
		given(this.replay.replayOne(any(), anyInt(), anyLong())).willReturn(new Replayed(1, 0));
	}

	private MockMvcTester.MockMvcRequestBuilder replayRequest() {
		return this.mvc.post()
			.uri("/dead-letters/replay")
			.param("group", "readers")
			.param("partition", "0")
			.param("offset", "5");
	}

	@Test
	void aLoginIsRequired() {
		assertThat(this.mvc.get().uri("/").accept("text/html")).hasStatus(302);
		assertThat(this.mvc.get().uri("/")).hasStatus(401);
		assertThat(this.mvc.get().uri("/actuator/requencetask")).hasStatus(401);
		assertThat(this.mvc.get().uri("/actuator/prometheus")).hasStatus(401);
		assertThat(this.mvc.get().uri("/login")).hasStatusOk();
		assertThat(replayRequest().with(csrf())).hasStatus(401);
	}

	@Test
	void viewersLookAndOperatorsReplay(CapturedOutput output) {
		assertThat(this.mvc.get().uri("/dead-letters?group=readers").with(user("ben").roles("VIEWER"))).hasStatusOk()
			.bodyText()
			.contains("refused")
			.doesNotContain("replay-0-5");
		assertThat(replayRequest().with(user("ben").roles("VIEWER")).with(csrf())).hasStatus(403);
		verify(this.replay, never()).replayOne(any(), anyInt(), anyLong());
		assertThat(replayRequest().with(user("olga\n").roles("VIEWER", "OPERATOR")).with(csrf())).hasStatus(302)
			.hasRedirectedUrl("/dead-letters?group=readers");
		verify(this.replay).replayOne("readers", 0, 5);
		assertThat(output).contains("User 'olga\uFFFD' replays dead letter updates-3@17 of group readers");
	}

	@Test
	void aReplayNeedsATokenOfThePage() {
		assertThat(replayRequest().with(user("olga").roles("VIEWER", "OPERATOR"))).hasStatus(403);
		verify(this.replay, never()).replayOne(any(), anyInt(), anyLong());
	}

	@Test
	void onlyLettersThatAreListedAreReplayed() {
		assertThat(this.mvc.post()
			.uri("/dead-letters/replay")
			.param("group", "readers")
			.param("partition", "99")
			.param("offset", "5")
			.with(user("olga").roles("VIEWER", "OPERATOR"))
			.with(csrf())).hasStatus(302);
		assertThat(this.mvc.post()
			.uri("/dead-letters/replay-all")
			.param("group", "others")
			.with(user("olga").roles("VIEWER", "OPERATOR"))
			.with(csrf())).hasStatus(404);
		verify(this.replay, never()).replayOne(any(), anyInt(), anyLong());
		verify(this.replay, never()).replayAll(any());
	}

	@Test
	void thePageSaysSinceWhenKafkaCannotBeRead() {
		given(this.monitor.reading())
			.willReturn(new Reading(STATE, new Failure(NOW.plusSeconds(7), "No response in 5 s")));
		assertThat(this.mvc.get().uri("/").with(user("ben").roles("VIEWER"))).bodyText()
			.contains("Kafka cannot be read", "since <time datetime=\"2026-11-28T12:00:07Z\">2026-11-28 12:00:07 UTC",
					"No response in 5 s", "What follows was read at", "2026-11-28 12:00:00 UTC");
		assertThat(replayRequest().with(user("olga").roles("VIEWER", "OPERATOR")).with(csrf())).hasStatus(503);
		assertThat(this.mvc.get().uri("/actuator/health")).hasStatus(503);
	}

	@Test
	void thePageShowsNoFiguresThatAreNotKnown() {
		given(this.monitor.reading()).willReturn(new Reading(null, new Failure(NOW, "No response in 5 s")));
		assertThat(this.mvc.get().uri("/").with(user("ben").roles("VIEWER"))).bodyText()
			.contains("Nothing was read before")
			.doesNotContain("Dead letters", "Partitions", ">0<");
		assertThat(this.mvc.get().uri("/dead-letters?group=readers").with(user("ben").roles("VIEWER"))).bodyText()
			.contains("Nothing was read before")
			.doesNotContain("There are no dead letters");
	}

}
