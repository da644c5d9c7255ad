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

package cloud.requence.samples.dashboard.board;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Says where the board is to be found and what it watches.
 */
@Component
class StartMessage {

	private static final Logger logger = LoggerFactory.getLogger(StartMessage.class);

	private final BoardSource source;

	private final ServerProperties server;

	private final Environment environment;

	StartMessage(BoardSource source, ServerProperties server, Environment environment) {
		this.source = source;
		this.server = server;
		this.environment = environment;
	}

	@EventListener(ApplicationReadyEvent.class)
	void log() {
		logger.info("Open {} to see the board. It watches {}", url(), this.source.emulator()
				? "the emulator inside, as no access token is set; set REQUENCE_ACCESS_TOKEN to watch your platform"
				: this.source.address());
	}

	private String url() {
		return "http://" + hostOf(this.server.getAddress()) + ":"
				+ this.environment.getProperty("local.server.port", "8080") + "/";
	}

	private static String hostOf(@Nullable InetAddress address) {
		if (address == null || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
			return "localhost";
		}
		return address.getHostAddress();
	}

}
