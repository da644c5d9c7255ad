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

package cloud.requence.task.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;

import cloud.requence.task.Leadership;

/**
 * The leadership for a role. The leader initiator knows who leads; its events, which do
 * not arrive if another listener throws, only report changes early. They are published by
 * the thread that keeps the lock, which must not be blocked.
 */
final class LeaderElection implements Leadership, ApplicationListener<AbstractLeaderEvent> {

	private static final Log logger = LogFactory.getLog(LeaderElection.class);

	private final String role;

	private final Supplier<@Nullable Context> initiator;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	// Only used if the initiator cannot be asked
	private volatile @Nullable Context granted;

	/**
	 * Create the leadership.
	 * @param role the role
	 * @param initiator returns the context of the leader initiator; {@code null} if the
	 * initiator is of a kind that can only be followed by its events
	 */
	LeaderElection(String role, Supplier<@Nullable Context> initiator) {
		this.role = role;
		this.initiator = initiator;
	}

	@Override
	public void onApplicationEvent(AbstractLeaderEvent event) {
		if (!this.role.equals(event.getRole())) {
			return;
		}
		if (event instanceof OnGrantedEvent) {
			this.granted = event.getContext();
		}
		else if (event instanceof OnRevokedEvent) {
			this.granted = null;
		}
		this.listeners.forEach(LeaderElection::call);
	}

	private static void call(Runnable listener) {
		try {
			listener.run();
		}
		// The thread that keeps the lock has to survive
		catch (Throwable ex) {
			logger.warn("A listener for changes of the leadership has failed", ex);
		}
	}

	private @Nullable Context context() {
		Context current = this.initiator.get();
		return (current != null) ? current : this.granted;
	}

	@Override
	public boolean isLeader() {
		Context current = context();
		return current != null && current.isLeader();
	}

	@Override
	public void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	@Override
	public void removeListener(Runnable listener) {
		this.listeners.remove(listener);
	}

	@Override
	public void relinquish() {
		Context current = context();
		if (current != null && current.isLeader()) {
			current.yield();
		}
	}

}
