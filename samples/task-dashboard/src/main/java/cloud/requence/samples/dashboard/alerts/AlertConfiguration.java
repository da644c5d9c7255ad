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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import cloud.requence.task.TaskWatcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import org.jspecify.annotations.Nullable;
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

	/** For all queries of a check. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Bean
	NoticeText noticeText(AlertProperties properties) {
		return new NoticeText(properties.url());
	}

	@Bean
	IncidentStore incidentStore(JdbcTemplate jdbc, PlatformTransactionManager transactionManager, Clock clock) {
		return new IncidentStore(jdbc, new TransactionTemplate(transactionManager), clock);
	}

	@Bean
	Incidents incidents(IncidentStore store, Clock clock) {
		return new Incidents(store.load(), clock);
	}

	@Bean(destroyMethod = "close")
	HistoryLine historyLine(Clock clock, MeterRegistry registry) {
		HistoryLine history = new HistoryLine(PATIENCE, clock);
		TimeGauge
			.builder("requence.tasks.history.outage", () -> outage(history.goneSince(), clock), TimeUnit.MILLISECONDS)
			.description("Time for which the history has been unavailable")
			.register(registry);
		return history;
	}

	private static long outage(@Nullable Instant since, Clock clock) {
		return (since != null) ? Duration.between(since, clock.instant()).toMillis() : 0;
	}

	@Bean
	PrometheusRules prometheusRules(AlertProperties properties, JsonMapper mapper) {
		return new PrometheusRules(properties, mapper);
	}

	@Bean
	Alerts alerts(AlertProperties properties, TaskWatcher watcher, JdbcTemplate jdbc, Incidents incidents,
			IncidentStore store, HistoryLine history, NoticeText text, JsonMapper mapper,
			ObjectProvider<JavaMailSender> mailSender, Clock clock) {
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
		return new Alerts(watcher::status, rules, incidents, store, history, channels, properties.resolveAfter(),
				clock);
	}

}
