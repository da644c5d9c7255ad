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

package cloud.requence.emulator.application;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Finds out whether the emulator in this container answers, as the base image may have no
 * program to do so.
 */
final class HealthCheck {

	private static final int TIMEOUT_MILLIS = 3000;

	private HealthCheck() {
	}

	/**
	 * Check, and end the process with a status other than 0 if there is no answer.
	 * @param args the options of the emulator, unless they are in the environment
	 */
	public static void main(String[] args) {
		if (!isHealthy(Options.parse(System.getenv(), args).port())) {
			System.exit(1);
		}
	}

	static boolean isHealthy(int port) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/health")
				.toURL()
				.openConnection();
			connection.setConnectTimeout(TIMEOUT_MILLIS);
			connection.setReadTimeout(TIMEOUT_MILLIS);
			return connection.getResponseCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
