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

package cloud.requence.task.faults;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A data source of an application whose calls fail as a plan says, and whose connections
 * are lost when the application crashes.
 */
final class FaultyDataSource extends AbstractDataSource {

	private final HikariDataSource pool;

	private final FaultPlan plan;

	private final Timer timer;

	private final BooleanSupplier dead;

	private final Set<FaultyConnection> open = ConcurrentHashMap.newKeySet();

	FaultyDataSource(HikariDataSource pool, FaultPlan plan, Timer timer, BooleanSupplier dead) {
		this.pool = pool;
		this.plan = plan;
		this.timer = timer;
		this.dead = dead;
	}

	@Override
	public Connection getConnection() throws SQLException {
		try {
			return this.plan.run(Operation.GET_CONNECTION, this::connect);
		}
		catch (Exception ex) {
			throw FaultPlan.<RuntimeException>sneaky(ex);
		}
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return getConnection();
	}

	private Connection connect() throws SQLException {
		if (this.dead.getAsBoolean()) {
			throw new SQLException("the application has crashed", "08003");
		}
		FaultyConnection connection = new FaultyConnection(this.pool.getConnection());
		this.open.add(connection);
		return proxy(Connection.class, connection);
	}

	/**
	 * The application has crashed: the database undoes what was not committed.
	 */
	void abandon() {
		this.open.forEach(FaultyConnection::lose);
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
			throws Exception {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw FaultPlan.<RuntimeException>sneaky(ex.getCause());
		}
	}

	private final class FaultyConnection implements InvocationHandler {

		private final Connection connection;

		private volatile boolean lost;

		private boolean closed;

		FaultyConnection(Connection connection) {
			this.connection = connection;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
				throws Throwable {
			switch (method.getName()) {
				case "hashCode" -> {
					return System.identityHashCode(this);
				}
				case "equals" -> {
					return proxy == ((arguments != null) ? arguments[0] : null);
				}
				case "toString" -> {
					return "faulty " + this.connection;
				}
				case "isClosed" -> {
					return this.lost || this.closed;
				}
				case "close" -> {
					close();
					return null;
				}
				default -> {
					return invoke(method, arguments);
				}
			}
		}

		private @Nullable Object invoke(Method method, @Nullable Object @Nullable [] arguments) throws Exception {
			return switch (method.getName()) {
				case "commit" -> commit();
				case "rollback" -> rollback();
				case "setAutoCommit" -> FaultyDataSource.this.plan.run(Operation.SET_AUTO_COMMIT,
						() -> callIfUsable(this.connection, method, arguments));
				case "prepareStatement" -> FaultyDataSource.this.plan.run(Operation.PREPARE,
						() -> statement(callIfUsable(this.connection, method, arguments)));
				default -> callIfUsable(this.connection, method, arguments);
			};
		}

		private PreparedStatement statement(@Nullable Object statement) {
			return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
				if (method.getName().equals("close")) {
					return call(statement, method, arguments);
				}
				return switch (method.getName()) {
					case "executeQuery" -> FaultyDataSource.this.plan.run(Operation.QUERY,
							() -> callIfUsable(statement, method, arguments));
					case "execute", "executeUpdate" -> FaultyDataSource.this.plan.run(Operation.WRITE,
							() -> callIfUsable(statement, method, arguments));
					default -> callIfUsable(statement, method, arguments);
				};
			});
		}

		/**
		 * Call the driver, unless the connection was given back to the pool.
		 */
		private synchronized @Nullable Object callIfUsable(Object target, Method method,
				@Nullable Object @Nullable [] arguments) throws Exception {
			checkUsable();
			return call(target, method, arguments);
		}

		private synchronized void commitIfUsable() throws SQLException {
			checkUsable();
			this.connection.commit();
		}

		private synchronized void rollBackIfUsable() throws SQLException {
			checkUsable();
			this.connection.rollback();
		}

		private void checkUsable() throws SQLException {
			if (this.lost || this.closed || FaultyDataSource.this.dead.getAsBoolean()) {
				throw new SQLException("This connection is closed", "08003");
			}
		}

		private @Nullable Object commit() throws Exception {
			Fault fault = FaultyDataSource.this.plan.next(Operation.COMMIT);
			if (fault == null) {
				commitIfUsable();
				return null;
			}
			if (fault.kind() == Fault.Kind.DONE_LATE) {
				this.lost = true;
				FaultyDataSource.this.timer.later(fault.delay(), this::commitAndRelease);
				throw FaultPlan.<RuntimeException>sneaky(fault.failure().get());
			}
			FaultyDataSource.this.timer.pause(fault.delay());
			if (fault.kind() == Fault.Kind.SLOW) {
				commitIfUsable();
				return null;
			}
			if (fault.kind() == Fault.Kind.ANSWER_LOST) {
				commitIfUsable();
			}
			lose();
			throw FaultPlan.<RuntimeException>sneaky(fault.failure().get());
		}

		/**
		 * A connection that cannot be rolled back is lost, as setting it back to
		 * automatic commits would commit.
		 */
		private @Nullable Object rollback() throws Exception {
			Fault fault = FaultyDataSource.this.plan.next(Operation.ROLLBACK);
			if (fault != null) {
				FaultyDataSource.this.timer.pause(fault.delay());
				if (fault.kind() != Fault.Kind.SLOW) {
					lose();
					throw FaultPlan.<RuntimeException>sneaky(fault.failure().get());
				}
			}
			rollBackIfUsable();
			return null;
		}

		private void close() throws Exception {
			if (this.closed) {
				return;
			}
			this.closed = true;
			FaultyDataSource.this.open.remove(this);
			Fault fault = this.lost ? null : FaultyDataSource.this.plan.next(Operation.CLOSE);
			if (!this.lost) {
				this.connection.close();
			}
			if (fault != null) {
				FaultyDataSource.this.timer.pause(fault.delay());
				if (fault.kind() != Fault.Kind.SLOW) {
					throw FaultPlan.<RuntimeException>sneaky(fault.failure().get());
				}
			}
		}

		private void commitAndRelease() {
			try (Connection late = this.connection) {
				late.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private synchronized void lose() {
			if (this.lost) {
				return;
			}
			this.lost = true;
			FaultyDataSource.this.open.remove(this);
			try (Connection abandoned = this.connection) {
				abandoned.rollback();
			}
			catch (SQLException ex) {
				FaultyDataSource.this.pool.evictConnection(this.connection);
			}
		}

	}

}
