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

package cloud.requence.samples.consumer;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Handles the updates that the relay has published, as {@code consumer.yml} sets the
 * starter to. Start as many instances as there is work for.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ConsumerApplication {

	/**
	 * Start an instance.
	 * @param args properties such as {@code --spring.kafka.bootstrap-servers=…}
	 */
	public static void main(String[] args) {
		application().run(args);
	}

	/**
	 * Return an application that is to be started.
	 * @return the builder
	 */
	public static SpringApplicationBuilder application() {
		return new SpringApplicationBuilder(ConsumerApplication.class).web(WebApplicationType.NONE)
			.properties("spring.config.name=consumer");
	}

}
