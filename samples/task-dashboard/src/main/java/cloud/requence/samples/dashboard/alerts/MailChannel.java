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

import java.util.List;

import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;

/**
 * Sends notices by mail.
 */
class MailChannel implements AlertChannel {

	private final JavaMailSender sender;

	private final AlertProperties.Mail mail;

	private final NoticeText text;

	MailChannel(JavaMailSender sender, AlertProperties.Mail mail, NoticeText text) {
		this.sender = sender;
		this.mail = mail;
		this.text = text;
	}

	@Override
	public String name() {
		return "mail";
	}

	@Override
	public void send(List<Incident> incidents) {
		SimpleMailMessage message = new SimpleMailMessage();
		message.setFrom(this.mail.from());
		message.setTo(this.mail.to().toArray(new String[0]));
		message.setSubject("[Tasks] " + this.text.title(incidents));
		message.setText(this.text.text(incidents));
		this.sender.send(message);
	}

}
