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

package cloud.requence.samples.consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;

/**
 * What this application does with updates: the same methods as without a broker.
 */
@Component
class EndedTasks {

	private static final Logger logger = LoggerFactory.getLogger(EndedTasks.class);

	@EventListener
	void ended(TaskEnd end) {
		logger.info("Task {} has ended, with the data of {} nodes", end.taskId(), end.context().nodeData().size());
	}

	@EventListener
	void failed(TaskError error) {
		logger.info("Task {} has failed", error.taskId());
	}

}
