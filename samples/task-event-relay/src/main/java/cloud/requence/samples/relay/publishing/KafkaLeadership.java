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
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

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

	// When a consumer whose thread has ended leaves the group, if it cannot be closed
	private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(30);

	private final ConsumerFactory<String, byte[]> consumers;

	private final ContainerProperties properties;

	private final TopicPartition partition;

	private final TaskScheduler scheduler;

	private final Duration pause;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	// The consumer that has the partition: an earlier one may hear later that it has lost
	// it
	private final AtomicReference<@Nullable Consumer<?, ?>> leader = new AtomicReference<>();

	// Guarded by this
	private @Nullable KafkaMessageListenerContainer<String, byte[]> container;

	// Guarded by this
	private @Nullable Future<?> checks;

	// Guarded by this
	private Instant away = Instant.MIN;

	/**
	 * Create a leadership.
	 * @param consumers creates the consumer
	 * @param topic the topic, which has one partition
	 * @param group the group of the instances
	 * @param sessionTimeout how long the leader may be silent until another one leads
	 * @param scheduler lets an instance take part again that has relinquished the
	 * leadership, or whose consumer has ended
	 * @param pause the time until it does
	 */
	KafkaLeadership(ConsumerFactory<String, byte[]> consumers, String topic, String group, Duration sessionTimeout,
			TaskScheduler scheduler, Duration pause) {
		this.consumers = consumers;
		this.partition = new TopicPartition(topic, 0);
		this.scheduler = scheduler;
		this.pause = pause;
		this.properties = new ContainerProperties(topic);
		this.properties.setGroupId(group);
		this.properties.setConsumerRebalanceListener(this);
		this.properties.setMessageListener((MessageListener<String, byte[]>) (record) -> {
		});
		this.properties.setKafkaConsumerProperties(consumerProperties(sessionTimeout));
		this.properties.setAuthExceptionRetryInterval(pause);
	}

	private static Properties consumerProperties(Duration sessionTimeout) {
		Properties properties = new Properties();
		// The leader stays when others come
		properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
		properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
		properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, String.valueOf(sessionTimeout.toMillis()));
		properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, String.valueOf(sessionTimeout.toMillis() / 3));
		properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
				String.valueOf(Math.max(sessionTimeout.toMillis(), MAX_POLL_INTERVAL.toMillis())));
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		return properties;
	}

	@Override
	public boolean isLeader() {
		return this.leader.get() != null;
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
	public synchronized void relinquish() {
		if (this.container != null && isLeader()) {
			this.away = this.scheduler.getClock().instant().plus(this.pause);
			this.container.stop(() -> {
			});
		}
	}

	/**
	 * Take part again, whatever has ended the consumer.
	 */
	private void check() {
		try {
			if (isMissing()) {
				lost(this.leader.get());
				participate();
			}
		}
		catch (Throwable ex) {
			logger.error("This instance cannot take part in the election, and tries again in {} s",
					this.pause.toSeconds(), ex);
		}
	}

	private synchronized boolean isMissing() {
		return this.checks != null && (this.container == null || !this.container.isRunning())
				&& !this.scheduler.getClock().instant().isBefore(this.away);
	}

	private synchronized void participate() {
		if (this.checks == null) {
			return;
		}
		// One whose start has failed cannot be started again
		this.container = null;
		KafkaMessageListenerContainer<String, byte[]> created = new KafkaMessageListenerContainer<>(this.consumers,
				this.properties);
		created.setBeanName("relay-leadership");
		created.pausePartition(this.partition);
		created.start();
		this.container = created;
	}

	@Override
	public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (!partitions.isEmpty() && this.leader.getAndSet(consumer) == null) {
			changed(true);
		}
	}

	@Override
	public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (!partitions.isEmpty()) {
			lost(consumer);
		}
	}

	@Override
	public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
		if (!partitions.isEmpty()) {
			lost(consumer);
		}
	}

	private void lost(@Nullable Consumer<?, ?> consumer) {
		if (consumer != null && this.leader.compareAndSet(consumer, null)) {
			changed(false);
		}
	}

	private void changed(boolean leads) {
		logger.info("This instance {} the leader", leads ? "is" : "is no longer");
		for (Runnable listener : this.listeners) {
			try {
				listener.run();
			}
			catch (Throwable ex) {
				logger.error("A listener of the leadership has failed", ex);
			}
		}
	}

	@Override
	public synchronized void start() {
		if (this.checks == null) {
			this.checks = this.scheduler.scheduleWithFixedDelay(this::check,
					this.scheduler.getClock().instant().plus(this.pause), this.pause);
			this.away = Instant.MIN;
			participate();
		}
	}

	@Override
	public void stop() {
		KafkaMessageListenerContainer<String, byte[]> ending;
		synchronized (this) {
			if (this.checks != null) {
				this.checks.cancel(false);
				this.checks = null;
			}
			ending = this.container;
			this.container = null;
		}
		if (ending != null) {
			ending.stop();
		}
		lost(this.leader.get());
	}

	@Override
	public synchronized boolean isRunning() {
		return this.checks != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
