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

package cloud.requence.samples.auditlog.web;

import java.io.UnsupportedEncodingException;
import java.time.Instant;

import cloud.requence.samples.auditlog.evidence.VerificationStatus;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Failure;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Verified;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.Connection;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.TaskWatcherStatus.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * The head of the pages claims nothing that is not so.
 */
@WebTest
@Import(StatusHeaderTests.Watcher.class)
class StatusHeaderTests {

	private static final Instant SINCE = Instant.parse("2026-05-01T10:00:00Z");

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private TaskWatcher watcher;

	@MockitoBean
	private VerificationStatus evidence;

	@ParameterizedTest
	@CsvSource({ "CONNECTING, connecting", "BACKING_OFF, not connected", "REFUSED, refused by the platform",
			"PAUSED, paused", "STOPPED, stopped" })
	void saysThatNothingIsRecorded(State state, String text) throws Exception {
		TaskWatcherStatus status = status(state, null);
		given(this.watcher.status()).willReturn(status);
		assertThat(header()).contains("Recording " + text + " since 2026-05-01 12:00:00")
			.contains("class=bad Recording");
	}

	@Test
	void saysThatTheRecordingIsStalled() throws Exception {
		TaskWatcherStatus status = status(State.STREAMING, mock(Stall.class));
		given(this.watcher.status()).willReturn(status);
		assertThat(header()).contains("class=bad Recording stalled");
	}

	@ParameterizedTest
	@CsvSource({ "STREAMING, 'connected, catching up'", "STANDBY, by another instance" })
	void saysThatUpdatesAreRecorded(State state, String text) throws Exception {
		TaskWatcherStatus status = status(state, null);
		given(this.watcher.status()).willReturn(status);
		assertThat(header()).contains("Recording " + text).doesNotContain("class=bad Recording");
	}

	@Test
	void saysWhenEverythingWasVerifiedAndHowFarWhatWasAdded() throws Exception {
		TaskWatcherStatus status = status(State.STREAMING, null);
		given(this.watcher.status()).willReturn(status);
		given(this.evidence.verified()).willReturn(new Verified(SINCE.plusSeconds(3600), 12, 0, SINCE, 10, null));
		assertThat(header())
			.contains("Verified to #9 at 2026-05-01 12:00:00, new entries to #11 at 2026-05-01 13:00:00");
		given(this.evidence.verified()).willReturn(new Verified(SINCE, 12, 0, SINCE, 12, null));
		assertThat(header()).contains("Verified to #11 at 2026-05-01 12:00:00");
		given(this.evidence.verified()).willReturn(new Verified(SINCE, 0, 0, SINCE, 0, null));
		assertThat(header()).contains("Verified not yet verified");
	}

	@Test
	void saysWhereTheVerificationHasFailedUntilEverythingIsVerified() throws Exception {
		TaskWatcherStatus status = status(State.STREAMING, null);
		given(this.watcher.status()).willReturn(status);
		Failure failure = new Failure(SINCE, 2, "entry #3: Its columns do not have its leaf hash", true);
		given(this.evidence.verified()).willReturn(new Verified(SINCE.plusSeconds(3600), 12, 0, SINCE, 10, failure));
		assertThat(header())
			.contains("class=bad Verification failed at entry #3: Its columns do not have its leaf hash")
			.contains("and 1 more, at 2026-05-01 12:00:00, until everything is verified without a fault")
			.contains("New entries verified to #11 at 2026-05-01 13:00:00")
			.doesNotContain("Verified to");
	}

	private String header() throws UnsupportedEncodingException {
		MvcTestResult result = this.mvc.get().uri("/status").with(user("ben").roles("VIEWER")).exchange();
		String html = result.getResponse().getContentAsString();
		return html.replaceAll("<p class=\"fact bad\">", " class=bad ")
			.replaceAll("<[^>]*>", "")
			.replaceAll("\\s+", " ")
			.replace("\u00a0", " ");
	}

	private static TaskWatcherStatus status(State state, @Nullable Stall stall) {
		Connection connection = mock(Connection.class);
		TaskWatcherStatus status = mock(TaskWatcherStatus.class);
		given(status.state()).willReturn(state);
		given(status.stateSince()).willReturn(SINCE);
		given(status.connection()).willReturn(connection);
		given(status.stall()).willReturn(stall);
		return status;
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Watcher {

		@Bean
		TaskWatcher taskWatcher() {
			TaskWatcher watcher = mock(TaskWatcher.class);
			TaskWatcherStatus status = status(State.STANDBY, null);
			given(watcher.status()).willReturn(status);
			return watcher;
		}

	}

}
