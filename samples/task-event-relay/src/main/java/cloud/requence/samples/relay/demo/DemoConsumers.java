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

package cloud.requence.samples.relay.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

import cloud.requence.samples.consumer.ConsumerApplication;

/**
 * Instances of the consumer in this process, each an application of its own.
 */
class DemoConsumers implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(DemoConsumers.class);

	private static final List<String> QUIET = List.of("--spring.main.log-startup-info=false",
			"--spring.main.register-shutdown-hook=false", "--logging.level.org.apache.kafka=error",
			// The failures of the demo are on the page
			"--logging.level.org.springframework.kafka=off",
			"--logging.level.cloud.requence.task.delivery.UpdateDelivery=off",
			"--logging.level.cloud.requence.samples.consumer=warn");

	private final int count;

	private final InvoiceSystem system;

	private final IntFunction<List<String>> arguments;

	// Guarded by this
	private final List<ConfigurableApplicationContext> running = new ArrayList<>();

	/**
	 * Create consumers.
	 * @param count how many
	 * @param system has a listener method, in each of them
	 * @param arguments the properties of each of them, by its number
	 */
	DemoConsumers(int count, InvoiceSystem system, IntFunction<List<String>> arguments) {
		this.count = count;
		this.system = system;
		this.arguments = arguments;
	}

	@Override
	public synchronized void start() {
		for (int number = 1; number <= this.count; number++) {
			List<String> all = new ArrayList<>(QUIET);
			all.addAll(this.arguments.apply(number));
			this.running.add(ConsumerApplication.application()
				.initializers((context) -> context.getBeanFactory().registerSingleton("invoiceSystem", this.system))
				.run(all.toArray(String[]::new)));
		}
		logger.info("The demo has {} consumers, whose listener fails for a while every two minutes", this.count);
	}

	@Override
	public synchronized void stop() {
		this.running.forEach(ConfigurableApplicationContext::close);
		this.running.clear();
	}

	@Override
	public synchronized boolean isRunning() {
		return !this.running.isEmpty();
	}

}
