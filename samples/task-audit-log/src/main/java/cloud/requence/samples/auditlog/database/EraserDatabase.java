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
package cloud.requence.samples.auditlog.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The access of erasures to the log: as another user of the database than everything
 * else, and no {@code DataSource} bean, so that nothing uses it by accident. It connects
 * when it is used.
 */
public final class EraserDatabase implements AutoCloseable {

	private final HikariDataSource dataSource;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	EraserDatabase(String url, String username, @Nullable String password) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(username);
		config.setPassword(password);
		config.setPoolName("erasures");
		config.setMinimumIdle(0);
		config.setMaximumPoolSize(2);
		config.setConnectionTimeout(5000);
		// Erasures are possible later if not now
		config.setInitializationFailTimeout(-1);
		this.dataSource = new HikariDataSource(config);
		this.jdbc = new JdbcTemplate(this.dataSource);
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
	}

	/**
	 * Return the statements of an erasure.
	 * @return access as the user of erasures
	 */
	public JdbcTemplate jdbc() {
		return this.jdbc;
	}

	/**
	 * Return the transactions of erasures.
	 * @return runs statements of {@link #jdbc()} in a transaction
	 */
	public TransactionTemplate transactions() {
		return this.transactions;
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

}
