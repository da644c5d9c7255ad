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
package cloud.requence.samples.auditlog.recording;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the recording.
 *
 * @param maskedFields what is replaced by {@code ***} before it is stored or hashed:
 * names of members at any depth, or JSON pointers into a payload such as
 * {@code /input/customer/name}, in which {@code *} stands for any member or element
 * @param files what is recorded of the files that payloads refer to
 * @param maxFileSize the size of a file that is stored at most; of a larger one the hash
 * is recorded
 * @param lockTimeToLive after which time without a sign of life of the leader another
 * instance takes over
 */
@ConfigurationProperties("audit.recording")
record RecordingProperties(@DefaultValue List<String> maskedFields, @DefaultValue("none") FileMode files,
		@DefaultValue("16MB") DataSize maxFileSize, @DefaultValue("10s") Duration lockTimeToLive) {
}
