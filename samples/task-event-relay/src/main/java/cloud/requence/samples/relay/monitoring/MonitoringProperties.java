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

package cloud.requence.samples.relay.monitoring;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of what is read from the broker.
 *
 * @param interval the time between two readings
 * @param timeout how long a request to the broker may take
 * @param window the time over which rates are measured
 * @param groups the groups that are shown; if empty, those that have topics of dead
 * letters or have read the topic
 * @param maxGroups how many groups are shown
 * @param maxDeadLetters how many dead letters of a group are listed
 */
@ConfigurationProperties("relay.monitoring")
record MonitoringProperties(@DefaultValue("3s") Duration interval, @DefaultValue("5s") Duration timeout,
		@DefaultValue("60s") Duration window, @DefaultValue List<String> groups, @DefaultValue("20") int maxGroups,
		@DefaultValue("2000") int maxDeadLetters) {

}
