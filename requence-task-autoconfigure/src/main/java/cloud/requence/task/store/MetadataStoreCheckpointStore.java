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

package cloud.requence.task.store;

import java.io.Flushable;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.metadata.MetadataStore;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.CheckpointUnavailableException;
import cloud.requence.task.support.Causes;
import cloud.requence.task.support.Printable;
import cloud.requence.task.support.ShortBackOff;

/**
 * Keeps a checkpoint in a metadata store of Spring Integration, under a key. Instances
 * are kept from each other by a {@link ConcurrentMetadataStore} alone; another one has to
 * be used by a single instance.
 * <p>
 * Whether a text was stored is read back: the answers of metadata stores are not always
 * true. A {@code RedisMetadataStore}, for one, returns {@code true} without having
 * written when another key of it was written at the same time.
 */
public final class MetadataStoreCheckpointStore implements CheckpointStore {

	private static final int MAX_KEY_LENGTH = 255;

	private static final int MAX_PAUSES = 400;

	private static final int ATTEMPTS = 20;

	// However long a call takes
	private static final Duration LONGEST_TRY = Duration.ofSeconds(10);

	private static final String PROBE = "requence-task-probe.";

	private final MetadataStore store;

	private final String key;

	private final LongSupplier nanoTime;

	/**
	 * Create a store.
	 * @param store the metadata store
	 * @param key the key of the checkpoint, of at most 255 characters
	 */
	public MetadataStoreCheckpointStore(MetadataStore store, String key) {
		this(store, key, System::nanoTime);
	}

	/**
	 * Create a store that uses another monotonic clock.
	 */
	MetadataStoreCheckpointStore(MetadataStore store, String key, LongSupplier nanoTime) {
		Assert.notNull(store, "'store' must not be null");
		Assert.hasText(key, "'key' must not be empty");
		Assert.isTrue(key.length() <= MAX_KEY_LENGTH, "'key' must not be longer than " + MAX_KEY_LENGTH);
		this.store = store;
		this.key = key;
		this.nanoTime = nanoTime;
	}

	@Override
	public @Nullable String load() {
		try {
			return this.store.get(this.key);
		}
		catch (RuntimeException ex) {
			throw isRefusedSql(ex) ? refusedSql("read", ex) : ex;
		}
	}

	@Override
	public boolean compareAndSet(@Nullable String expected, String checkpoint) {
		ShortBackOff backOff = new ShortBackOff(MAX_PAUSES, Duration.ofNanos(50_000), Duration.ofMillis(5));
		long begun = this.nanoTime.getAsLong();
		do {
			// In a row: an attempt after a pause is slower, and so more likely to be
			// disturbed
			for (int i = 0; i < ATTEMPTS && (i == 0 || isEarly(begun)); i++) {
				replace(expected, checkpoint);
				String found = load();
				if (checkpoint.equals(found)) {
					flush();
					return true;
				}
				if (!Objects.equals(found, expected)) {
					return false;
				}
			}
		}
		while (isEarly(begun) && backOff.pause());
		throw new CheckpointUnavailableException(
				"The checkpoint in " + this + " cannot be written, as the store is busy",
				"Use a store that others write to less often.", null);
	}

	private boolean isEarly(long begun) {
		return this.nanoTime.getAsLong() - begun < LONGEST_TRY.toNanos();
	}

	private void replace(@Nullable String expected, String checkpoint) {
		if (this.store instanceof ConcurrentMetadataStore concurrent) {
			if (expected != null) {
				concurrent.replace(this.key, expected, checkpoint);
			}
			else {
				concurrent.putIfAbsent(this.key, checkpoint);
			}
		}
		else if (Objects.equals(load(), expected)) {
			this.store.put(this.key, checkpoint);
		}
	}

	/**
	 * A store that writes its file when it is closed does so now.
	 */
	private void flush() {
		try {
			if (this.store instanceof Flushable flushable) {
				flushable.flush();
			}
		}
		catch (IOException ex) {
			throw new CheckpointUnavailableException(
					"The checkpoint in " + this + " cannot be written (" + ex.getClass().getSimpleName() + ")",
					"Check the place that the store writes to.", ex);
		}
	}

	/**
	 * Find out whether this store takes part in transactions, by writing something under
	 * another key and rolling it back.
	 * @param transactionManager the manager of the transactions
	 * @throws CheckpointUnavailableException if that cannot be found out
	 * @throws CheckpointException if what was written is still there
	 */
	public void checkTransactions(PlatformTransactionManager transactionManager) {
		boolean takesPart;
		try {
			takesPart = isRolledBack(transactionManager);
		}
		catch (RuntimeException ex) {
			if (isRefusedSql(ex)) {
				throw refusedSql("written", ex);
			}
			throw new CheckpointUnavailableException(
					"The checkpoint in " + this + " cannot be written in a transaction of the "
							+ transactionManager.getClass().getSimpleName() + " (" + ex.getClass().getSimpleName()
							+ "), as 'requence.task.listener.transactional' requires",
					"Check that the database can be reached and that the application may write to it.", ex);
		}
		if (!takesPart) {
			throw new CheckpointException(
					"The checkpoint in " + this + " does not take part in the transactions of the "
							+ transactionManager.getClass().getSimpleName() + ": its writes are not rolled back",
					"Use a JdbcMetadataStore on the data source of the transaction manager, or set"
							+ " 'requence.task.listener.transactional' to 'false'.",
					null);
		}
	}

	private boolean isRolledBack(PlatformTransactionManager transactionManager) {
		String value = UUID.randomUUID().toString();
		// No key of a watcher, whatever their names are
		String probeKey = PROBE + value;
		TransactionStatus status = transactionManager.getTransaction(new DefaultTransactionDefinition());
		try {
			this.store.put(probeKey, value);
		}
		finally {
			transactionManager.rollback(status);
		}
		if (value.equals(this.store.get(probeKey))) {
			this.store.remove(probeKey);
			return false;
		}
		return true;
	}

	// By name: spring-jdbc need not be there
	private static boolean isRefusedSql(Throwable ex) {
		return Causes.of(ex)
			.anyMatch((cause) -> cause.getClass().getName().equals("org.springframework.jdbc.BadSqlGrammarException"));
	}

	/**
	 * The message of a database names the table that is missing, or what is not allowed.
	 */
	private CheckpointException refusedSql(String verb, RuntimeException cause) {
		String message = NestedExceptionUtils.getMostSpecificCause(cause).getMessage();
		String line = (message != null) ? message.lines().findFirst().orElse("") : "";
		return new CheckpointException(
				"The checkpoint in " + this + " cannot be " + verb + " (" + cause.getClass().getSimpleName() + ": "
						+ Printable.name(line) + ")",
				"If the table INT_METADATA_STORE of a JdbcMetadataStore is missing, create it: set"
						+ " 'spring.integration.jdbc.initialize-schema' to 'always', or run the script"
						+ " org/springframework/integration/jdbc/schema-*.sql of your database. If it is there, check the"
						+ " rights of the database user and the prefix of the table.",
				cause);
	}

	@Override
	public String toString() {
		return "key '" + this.key + "' of the " + ClassUtils.getUserClass(this.store).getSimpleName();
	}

}
