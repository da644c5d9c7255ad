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

package cloud.requence.samples.auditlog.demo;

/**
 * The emulator cannot listen on its port.
 */
class DemoPortException extends RuntimeException {

	private final int port;

	DemoPortException(int port, Throwable cause) {
		super("The emulator cannot listen on port " + port + ", which is in use or not allowed.", cause);
		this.port = port;
	}

	int port() {
		return this.port;
	}

}
