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

package cloud.requence.samples.relay.publishing;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.scheduling.TaskScheduler;

import cloud.requence.task.Leadership;

/**
 * The instance leads that the only partition of the checkpoint's topic is assigned to. It
 * is not read this way: the assignment is all that matters.
 * <p>
 * Two instances may lead for a while, as one that cannot reach the broker does not hear
 * that it has lost the partition. Their common {@code transactional.id} keeps them apart.
 */
class KafkaLeadership implements Leadership, SmartLifecycle, ConsumerAwareRebalanceListener {

	private static final Logger logger = LoggerFactory.getLogger(KafkaLeadership.class);

	// Starts before the watcher, and stops after it
	private static final int PHASE = Integer.MAX_VALUE - 200;

	private static final Duration PAUSE = Duration.ofSeconds(10);

	private final KafkaMessageListenerContainer<String, byte[]> container;

	private final TaskScheduler scheduler;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile boolean leader;

	// Guarded by this
	private boolean running;

	// Guarded by this
	private @Nullable Future<?> comeback;

	/**
	 * Create a leadership.
	 * @param consumers creates the consumer
	 * @param topic the topic, which has one partition
	 * @param group the group of the instances
	 * @param sessionTimeout how long the leader may be silent until another one leads
	 * @param scheduler lets an instance that has relinquished the leadership take part
	 * again
	 */
	KafkaLeadership(ConsumerFactory<String, byte[]> consumers, String topic, String group, Duration sessionTimeout,
			TaskScheduler scheduler) {
		this.scheduler = scheduler;
		ContainerProperties properties = new ContainerProperties(topic);
		properties.setGroupId(group);
		properties.setConsumerRebalanceListener(this);
		properties.setMessageListener((MessageListener<String, byte[]>) (record) -> {
		});
		properties.setKafkaConsumerProperties(consumerProperties(sessionTimeout));
		properties.setAuthExceptionRetryInterval(PAUSE);
		this.container = new KafkaMessageListenerContainer<>(consumers, properties);
		this.container.setBeanName("relay-leadership");
		this.container.pausePartition(new TopicPartition(topic, 0));
	}

	private static Properties consumerProperties(Duration sessionTimeout) {
		Properties properties = new Properties();
		// The leader stays when others come
		properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
		properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
		properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, String.valueOf(sessionTimeout.toMillis()));
		properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, String.valueOf(sessionTimeout.toMillis() / 3));
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		return properties;
	}

	@Override
	public boolean isLeader() {
		return this.leader;
	}

	@Override
	public void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	@Override
	public void removeListener(Runnable listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Leave the group for a while.
	 */
	@Override
	public void relinquish() {
		if (this.leader) {
			this.container.stop(this::returnLater);
		}
	}

	private synchronized void returnLater() {
		if (this.running) {
			this.comeback = this.scheduler.schedule(this::comeBack, this.scheduler.getClock().instant().plus(PAUSE));
		}
	}

	/**
	 * Take part again, now or later.
	 */
	private synchronized void comeBack() {
		if (!this.running) {
			return;
		}
		try {
			this.container.start();
		}
		catch (Throwable ex) {
			logger.error("This instance cannot take part in the election, and tries again in {} s", PAUSE.toSeconds(),
					ex);
			returnLater();
		}
	}

	@Override
	public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (!partitions.isEmpty()) {
			change(true);
		}
	}

	@Override
	public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (!partitions.isEmpty()) {
			change(false);
		}
	}

	@Override
	public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (!partitions.isEmpty()) {
			change(false);
		}
	}

	private void change(boolean leads) {
		if (this.leader != leads) {
			this.leader = leads;
			logger.info("This instance {} the leader", leads ? "is" : "is no longer");
			this.listeners.forEach(Runnable::run);
		}
	}

	@Override
	public synchronized void start() {
		this.running = true;
		this.container.start();
	}

	@Override
	public void stop() {
		synchronized (this) {
			this.running = false;
			if (this.comeback != null) {
				this.comeback.cancel(false);
			}
		}
		this.container.stop();
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
