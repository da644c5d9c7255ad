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

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import cloud.requence.task.TaskWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sets up rules and channels.
 */
@Configuration(proxyBeanMethods = false)
class AlertConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(AlertConfiguration.class);

	@Bean
	NoticeText noticeText(AlertProperties properties) {
		return new NoticeText(properties.url());
	}

	@Bean
	Incidents incidents(JdbcTemplate jdbc, Clock clock) {
		return new Incidents(jdbc, clock);
	}

	@Bean
	PrometheusRules prometheusRules(AlertProperties properties, JsonMapper mapper) {
		return new PrometheusRules(properties, mapper);
	}

	@Bean
	Alerts alerts(AlertProperties properties, TaskWatcher watcher, JdbcTemplate jdbc, Incidents incidents,
			NoticeText text, JsonMapper mapper, ObjectProvider<JavaMailSender> mailSender,
			PlatformTransactionManager transactionManager, Clock clock) {
		List<AlertChannel> channels = new ArrayList<>();
		if (properties.webhook().url() != null) {
			channels.add(new WebhookChannel(properties.webhook(), text, mapper));
		}
		JavaMailSender sender = mailSender.getIfAvailable();
		if (sender != null && !properties.mail().to().isEmpty()) {
			channels.add(new MailChannel(sender, properties.mail(), text));
		}
		else if (!properties.mail().to().isEmpty()) {
			logger.warn("No notices are sent by mail: dashboard.alerts.mail.to is set, and spring.mail.host is not");
		}
		AlertRules rules = new AlertRules(properties.rules(), new AlertQueries(jdbc), clock);
		return new Alerts(watcher::status, rules, incidents, channels, properties.resolveAfter(),
				new TransactionTemplate(transactionManager));
	}

}
