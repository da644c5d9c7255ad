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

import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * Loads in the background what takes longest when the watcher is created: Reactor, TLS
 * with the trusted certificates, and the codecs of {@code WebClient}.
 */
final class RequenceTaskBackgroundPreinitializer implements BackgroundPreinitializer {

	@Override
	public void preinitialize() throws GeneralSecurityException {
		Flux.empty();
		Mono.empty();
		// Not the default context: the application may yet set its system properties
		SSLContext.getInstance("TLS").init(null, null, null);
		ExchangeStrategies.withDefaults();
	}

}
