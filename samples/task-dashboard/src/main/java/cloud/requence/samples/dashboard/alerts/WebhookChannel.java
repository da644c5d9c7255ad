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
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Posts notices as JSON. Its member {@code text} is what chats display.
 */
class WebhookChannel implements AlertChannel {

	private final HttpClient client;

	private final AlertProperties.Webhook webhook;

	private final NoticeText text;

	private final JsonMapper mapper;

	WebhookChannel(AlertProperties.Webhook webhook, NoticeText text, JsonMapper mapper) {
		this.webhook = webhook;
		this.text = text;
		this.mapper = mapper;
		this.client = HttpClient.newBuilder().connectTimeout(webhook.timeout()).build();
	}

	@Override
	public String name() {
		return "webhook";
	}

	@Override
	public void send(List<Incident> incidents) throws IOException, InterruptedException {
		Message message = new Message(this.text.title(incidents) + "\n\n" + this.text.text(incidents),
				incidents.stream().map(this::item).toList());
		HttpRequest.Builder request = HttpRequest.newBuilder(Objects.requireNonNull(this.webhook.url()))
			.timeout(this.webhook.timeout())
			.header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
			.POST(HttpRequest.BodyPublishers.ofByteArray(this.mapper.writeValueAsBytes(message)));
		if (this.webhook.authorization() != null) {
			request.header(HttpHeaders.AUTHORIZATION, this.webhook.authorization());
		}
		HttpResponse<InputStream> response = this.client.send(request.build(),
				HttpResponse.BodyHandlers.ofInputStream());
		// The timeout is not for the body, which may never end
		response.body().close();
		int status = response.statusCode();
		if (status < 200 || status >= 300) {
			throw new IOException("The webhook has answered with status " + status);
		}
	}

	private Item item(Incident incident) {
		return new Item(incident.isResolved() ? "resolved" : "firing", incident, this.text.link(incident),
				this.text.runbook(incident));
	}

	/**
	 * What is posted.
	 *
	 * @param text all of it for people
	 * @param incidents all of it for programs
	 */
	record Message(String text, List<Item> incidents) {

	}

	/**
	 * An incident in a notice.
	 *
	 * @param status {@code firing} or {@code resolved}
	 * @param incident the incident
	 * @param link the address of what it is about
	 * @param runbook the address of what to do
	 */
	record Item(String status, Incident incident, String link, @Nullable String runbook) {

	}

}
