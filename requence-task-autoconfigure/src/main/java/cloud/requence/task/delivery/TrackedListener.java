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

package cloud.requence.task.delivery;

import java.lang.reflect.Method;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.ApplicationListenerMethodAdapter;

/**
 * Calls an {@link org.springframework.context.event.EventListener @EventListener} method
 * and leaves the outcome with the delivery of the update, so that one that throws keeps
 * no other from the update. Towards all other events it is what Spring would have made.
 */
final class TrackedListener extends ApplicationListenerMethodAdapter {

	private final Class<?> beanType;

	private final boolean updatesOnly;

	TrackedListener(String beanName, Class<?> beanType, Method method, boolean updatesOnly) {
		super(beanName, beanType, method);
		this.beanType = beanType;
		this.updatesOnly = updatesOnly;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof TrackedUpdateEvent<?> tracked && tracked.attempt().isUnderWay()) {
			tracked.attempt().call(this, () -> super.onApplicationEvent(event));
		}
		else {
			super.onApplicationEvent(event);
		}
	}

	/**
	 * An outcome can only be known on the thread that delivers, whatever the multicaster
	 * does with other events.
	 */
	@Override
	public boolean supportsAsyncExecution() {
		return !this.updatesOnly;
	}

	Class<?> beanType() {
		return this.beanType;
	}

}
