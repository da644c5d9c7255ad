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

import java.util.UUID;
import java.util.concurrent.locks.Lock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.util.StringUtils;

import cloud.requence.task.autoconfigure.RequenceTaskProperties.Checkpoint.Store;
import cloud.requence.task.Leadership;

/**
 * Auto-configuration for one instance of the application that watches while others stand
 * by.
 */
@AutoConfiguration(before = RequenceTaskAutoConfiguration.class)
@ConditionalOnRequenceTaskEnabled
@ConditionalOnClass(LockRegistryLeaderInitiator.class)
@ConditionalOnBooleanProperty("requence.task.leader-election.enabled")
@ConditionalOnMissingBean(Leadership.class)
public final class RequenceTaskLeaderElectionAutoConfiguration {

	private static final Log logger = LogFactory.getLog(RequenceTaskLeaderElectionAutoConfiguration.class);

	private static final String INITIATOR = "requenceTaskLeaderInitiator";

	private static final String PROPERTY = "requence.task.leader-election.enabled";

	RequenceTaskLeaderElectionAutoConfiguration() {
	}

	@Bean
	LeaderElection requenceTaskLeaderElection(RequenceTaskProperties properties,
			@Qualifier(INITIATOR) ObjectProvider<LockRegistryLeaderInitiator> initiator) {
		return new LeaderElection(properties.getLeaderElection().getRole(), () -> contextOf(initiator));
	}

	private static @Nullable Context contextOf(ObjectProvider<LockRegistryLeaderInitiator> initiator) {
		LockRegistryLeaderInitiator available = initiator.getIfAvailable();
		return (available != null) ? available.getContext() : null;
	}

	@Bean(INITIATOR)
	@ConditionalOnMissingBean(name = INITIATOR)
	LockRegistryLeaderInitiator requenceTaskLeaderInitiator(RequenceTaskProperties properties, Environment environment,
			ObjectProvider<LockRegistry<? extends Lock>> lockRegistries) {
		RequenceTaskProperties.LeaderElection election = properties.getLeaderElection();
		LockRegistry<? extends Lock> locks = SingleBean.of(lockRegistries, PROPERTY, "LockRegistry",
				"Declare a LockRegistry bean that the instances share, such as a JdbcLockRegistry.");
		if (locks instanceof DefaultLockRegistry) {
			logger.warn("Every instance becomes the leader: the LockRegistry bean is a DefaultLockRegistry, whose locks"
					+ " other processes do not see. Use one that they share, such as a JdbcLockRegistry, or set '"
					+ PROPERTY + "' to 'false'");
		}
		if (properties.getCheckpoint().getStore() == Store.FILE) {
			logger
				.warn("The next leader resumes from the checkpoint only if it finds it: 'requence.task.checkpoint.store'"
						+ " is 'file', so all instances have to share that file. With 'metadata-store' they share a database");
		}
		String lockKey = lockKey(election, environment.getProperty("spring.application.name"));
		return new LockRegistryLeaderInitiator((key) -> locks.obtain(lockKey),
				new DefaultCandidate(UUID.randomUUID().toString(), election.getRole()));
	}

	// Several applications may share the locks
	private static String lockKey(RequenceTaskProperties.LeaderElection election, @Nullable String application) {
		if (StringUtils.hasText(election.getLockKey())) {
			return election.getLockKey();
		}
		return StringUtils.hasText(application) ? election.getRole() + "." + application : election.getRole();
	}

}
