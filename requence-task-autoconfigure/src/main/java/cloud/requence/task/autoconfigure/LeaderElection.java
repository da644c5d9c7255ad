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

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;

import cloud.requence.task.Leadership;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;

/**
 * The leadership for a role, as the leader events of Spring Integration tell it. They are
 * published by the thread that keeps the lock, which must not be held up.
 */
final class LeaderElection implements Leadership, WatcherConfigurer, ApplicationListener<AbstractLeaderEvent> {

	private final String role;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile @Nullable Context context;

	LeaderElection(String role) {
		this.role = role;
	}

	@Override
	public void configure(String name, DefaultTaskWatcherBuilder builder) {
		builder.leadership(this);
	}

	@Override
	public void onApplicationEvent(AbstractLeaderEvent event) {
		if (!this.role.equals(event.getRole())) {
			return;
		}
		if (event instanceof OnGrantedEvent) {
			this.context = event.getContext();
		}
		else if (event instanceof OnRevokedEvent) {
			this.context = null;
		}
		this.listeners.forEach(Runnable::run);
	}

	@Override
	public boolean isLeader() {
		return this.context != null;
	}

	@Override
	public void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	@Override
	public void yield() {
		Context current = this.context;
		if (current != null) {
			current.yield();
		}
	}

}
