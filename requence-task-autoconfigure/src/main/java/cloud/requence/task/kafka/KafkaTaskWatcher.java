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

package cloud.requence.task.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.event.ConcurrentContainerStoppedEvent;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.util.Assert;

import cloud.requence.task.DeadLetter;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.support.IsolatedThreadFactory;
import cloud.requence.task.support.LogText;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;
import cloud.requence.task.watcher.DeliveryParts;

/**
 * Watches a topic in place of the platform: its container reads the partitions that the
 * group assigns to this instance. The offsets of the group are its checkpoint.
 */
public final class KafkaTaskWatcher implements TaskWatcher, DeliveryObserver {

	private static final Log logger = LogFactory.getLog(KafkaTaskWatcher.class);

	// What another start would not change
	private static final Set<ConsumerStoppedEvent.Reason> NOT_RESTARTED = EnumSet.of(ConsumerStoppedEvent.Reason.AUTH,
			ConsumerStoppedEvent.Reason.FENCED, ConsumerStoppedEvent.Reason.NO_OFFSET);

	private static final Duration RESTART_DELAY = Duration.ofSeconds(2);

	private final DeliveryParts parts;

	private final ApplicationContext context;

	private final AssignedPartitions partitions = new AssignedPartitions(this::assignmentChanged);

	private final FurtherTopics topics;

	private final @Nullable DeadLetterTopic deadLetters;

	private final UpdateRecordListener listener;

	private final ConcurrentMessageListenerContainer<byte[], byte[]> container;

	private final StatusReader status;

	private final DefaultKafkaProducerFactory<String, byte[]> producers;

	// Guards changes of the two fields below
	private final Object lock = new Object();

	private volatile @Nullable Run run;

	private boolean destroyed;

	private volatile Outcome outcome = new Outcome(false, null);

	private volatile Instant since = Instant.now();

	/**
	 * Create a watcher, not started.
	 * @param builder has the settings of the delivery
	 * @param settings what is read
	 * @param listeners are informed of consumers that are created, for metrics
	 * @param topics creates the topics of dead letters and replays, unless they exist
	 * @param context publishes events
	 */
	public KafkaTaskWatcher(DefaultTaskWatcherBuilder builder, KafkaSettings settings,
			List<? extends ConsumerFactory.Listener<?, ?>> listeners, Runnable topics, ApplicationContext context) {
		this.context = context;
		this.producers = new DefaultKafkaProducerFactory<>(producerConfiguration(settings), new StringSerializer(),
				new ByteArraySerializer());
		this.parts = builder.buildParts(() -> this, this, (settings.deadLetterTopic() != null) ? this::store : null);
		this.topics = new FurtherTopics(this.parts.name(), topics,
				IsolatedThreadFactory.daemons("requence-" + this.parts.name() + "-topics", context.getClassLoader()),
				this::isRunning);
		this.deadLetters = (settings.deadLetterTopic() != null)
				? new DeadLetterTopic(template(this.producers), settings.deadLetterTopic(), this.topics::create) : null;
		UpdateConsumers consumers = new UpdateConsumers(settings);
		this.listener = new UpdateRecordListener(this.parts, this.partitions, this.deadLetters, this::isRunning,
				consumers.maxPollInterval().dividedBy(2));
		this.container = consumers.container(consumers.factory(listeners), containerProperties(consumers));
		this.container.setRecordInterceptor(this.partitions);
		this.container.setBeanName(this.parts.name());
		this.container.setApplicationEventPublisher(this::onContainerEvent);
		this.status = new StatusReader(this.parts, this.partitions, this.listener, this.container);
	}

	private static KafkaTemplate<String, byte[]> template(ProducerFactory<String, byte[]> producers) {
		KafkaTemplate<String, byte[]> template = new KafkaTemplate<>(producers);
		// The caller of the template logs what fails
		template.setProducerListener(new ProducerListener<>() {
		});
		return template;
	}

	private static Map<String, Object> producerConfiguration(KafkaSettings settings) {
		Map<String, Object> configuration = new HashMap<>(settings.producer());
		// A dead letter is stored alone, in no transaction
		configuration.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
		return configuration;
	}

	private ContainerProperties containerProperties(UpdateConsumers consumers) {
		ContainerProperties properties = consumers.containerProperties();
		properties.setMessageListener(this.listener);
		properties.setConsumerRebalanceListener(this.partitions);
		properties.setShutdownTimeout(this.parts.shutdownTimeout().toMillis());
		properties.setListenerTaskExecutor(new SimpleAsyncTaskExecutor(IsolatedThreadFactory
			.numbered("requence-" + this.parts.name() + "-kafka-", this.context.getClassLoader())));
		return properties;
	}

	// On a thread that may hold locks of the container
	private void onContainerEvent(Object event) {
		if (event instanceof ConsumerStoppedEvent stopped && NOT_RESTARTED.contains(stopped.getReason())) {
			logger.error(LogText.watcher(this.parts.name()) + ": a consumer has ended (" + stopped.getReason()
					+ "), the watcher stops. Updates that are not handled are read again after the next start");
			stop(Reason.ERROR, () -> {
			});
		}
		else if (event instanceof ConcurrentContainerStoppedEvent) {
			Run broken = this.run;
			if (broken != null) {
				logger.error(LogText.watcher(this.parts.name())
						+ ": its consumers have ended after an error, they are started again in "
						+ RESTART_DELAY.toSeconds() + " s. Updates that are not handled are read again");
				restartLater(broken);
			}
		}
	}

	private void restartLater(Run broken) {
		try {
			broken.timers().schedule(() -> restart(broken), RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug(LogText.watcher(this.parts.name()) + " was stopped before it was started again", ex);
		}
	}

	private void restart(Run broken) {
		synchronized (this.lock) {
			if (this.run != broken || isRunning()) {
				return;
			}
			try {
				this.partitions.clear();
				changed();
				this.container.start();
			}
			catch (Throwable ex) {
				logger.error(LogText.watcher(this.parts.name()) + ": its consumers cannot be started, next attempt in "
						+ RESTART_DELAY.toSeconds() + " s", ex);
				this.container.stop(() -> {
				});
				restartLater(broken);
			}
		}
	}

	private void store(DeadLetter letter) {
		RecordAttempt attempt = this.partitions.attempts()
			.filter((candidate) -> candidate.update() != null && candidate.update().update() == letter.update())
			.findAny()
			.orElseThrow(() -> new IllegalStateException("The partition of the record is assigned to others"));
		Objects.requireNonNull(this.deadLetters)
			.store(attempt.position(), attempt.record(), letter.error(), letter.listener());
	}

	private void assignmentChanged() {
		changed();
		this.topics.begin();
	}

	private void changed() {
		this.since = Instant.now();
	}

	@Override
	public String name() {
		return this.parts.name();
	}

	@Override
	public boolean isAutoStartup() {
		return this.parts.autoStartup();
	}

	@Override
	public int getPhase() {
		return this.parts.phase();
	}

	@Override
	public boolean isRunning() {
		return this.container.isRunning();
	}

	@Override
	public void start() {
		synchronized (this.lock) {
			Assert.state(!this.destroyed, "A watcher that was destroyed cannot be started");
			this.outcome = new Outcome(true, null);
			if (isRunning()) {
				return;
			}
			Run left = this.run;
			if (left != null) {
				left.end(Duration.ZERO);
				this.run = null;
			}
			this.partitions.clear();
			changed();
			Run started = new Run(this.parts.acknowledger(), Schedulers.newSingle(IsolatedThreadFactory
				.daemons("requence-" + this.parts.name() + "-acknowledgements", this.context.getClassLoader())));
			try {
				started.begin();
				this.run = started;
				this.container.start();
			}
			catch (Throwable ex) {
				this.run = null;
				// Some of its threads may run
				this.container.stop(() -> started.end(Duration.ZERO));
				throw ex;
			}
		}
	}

	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		if (this.partitions.isHandledBy(Thread.currentThread())) {
			return;
		}
		try {
			// What is handled, and then what is to be acknowledged
			if (!stopped.await(2 * this.parts.shutdownTimeout().toMillis() + 1, TimeUnit.MILLISECONDS)) {
				logger.warn(LogText.watcher(this.parts.name()) + ": a listener still handles an update after "
						+ this.parts.shutdownTimeout());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop(Runnable callback) {
		stop(Reason.NORMAL, callback);
	}

	private void stop(Reason reason, Runnable callback) {
		Run ending;
		synchronized (this.lock) {
			ending = this.run;
			this.run = null;
			if (ending != null || reason == Reason.NORMAL) {
				this.outcome = new Outcome(reason != Reason.NORMAL,
						(ending != null) ? reason : this.outcome.stopReason());
			}
		}
		if (ending == null) {
			callback.run();
			return;
		}
		this.container.stop(() -> {
			ending.end(this.parts.shutdownTimeout());
			changed();
			publish(new TaskWatcherStoppedEvent(this, reason));
			callback.run();
		});
	}

	@Override
	public void destroy() {
		synchronized (this.lock) {
			this.destroyed = true;
		}
		stop();
		this.parts.delivered().complete();
		this.producers.destroy();
	}

	@Override
	public void pause() {
		this.container.pause();
		changed();
	}

	@Override
	public void resume() {
		this.partitions.resumed();
		this.container.resume();
		changed();
	}

	@Override
	public Flux<TaskUpdate> updates() {
		return this.parts.delivered().flux();
	}

	@Override
	public void acknowledge(String taskId) {
		this.parts.acknowledger().acknowledge(taskId);
	}

	@Override
	public void onFailed(TaskUpdate update, Throwable failure) {
		publish(new TaskUpdateFailedEvent(this, update, failure));
	}

	@Override
	public void onStopRequired() {
		stop(Reason.FAILURE, () -> {
		});
	}

	@Override
	public void onEnded() {
		// The threads are those of the container
	}

	@Override
	public void onRoom() {
		// A consumer polls when it has handled what it has read
	}

	private void publish(Object event) {
		try {
			this.context.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.error(LogText.watcher(this.parts.name()) + ": a listener of a " + event.getClass().getSimpleName()
					+ " has failed", ex);
		}
	}

	@Override
	public TaskWatcherStatus status() {
		return this.status.read(this.since, isRunning(), this.container.isPauseRequested(), this.outcome);
	}

	/**
	 * What is expected of a watcher, and why it has stopped.
	 *
	 * @param expectedToRun whether it should be running
	 * @param stopReason why it has stopped, {@code null} if it has not
	 */
	record Outcome(boolean expectedToRun, @Nullable Reason stopReason) {

	}

	/**
	 * The acknowledgements between a start and the stop that follows.
	 */
	private record Run(Acknowledger acknowledger, Scheduler timers) {

		void begin() {
			this.acknowledger.start(this.timers);
		}

		void end(Duration timeout) {
			this.acknowledger.stop(this.timers, timeout);
			this.timers.dispose();
		}

	}

}
