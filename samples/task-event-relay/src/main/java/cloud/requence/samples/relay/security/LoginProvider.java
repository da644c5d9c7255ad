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

package cloud.requence.samples.relay.security;

import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/**
 * Checks a few passwords at a time. That is expensive on purpose: guesses must not take
 * all processors from the recording.
 */
final class LoginProvider implements AuthenticationProvider {

	private static final int CONCURRENT = 2;

	private final AuthenticationProvider provider;

	private final Semaphore permits = new Semaphore(CONCURRENT);

	LoginProvider(AuthenticationProvider provider) {
		this.provider = provider;
	}

	@Override
	public @Nullable Authentication authenticate(Authentication login) {
		this.permits.acquireUninterruptibly();
		try {
			return this.provider.authenticate(login);
		}
		finally {
			this.permits.release();
		}
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return this.provider.supports(authentication);
	}

}
