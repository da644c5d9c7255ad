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

package cloud.requence.samples.auditlog.web;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A parameter of a request cannot be understood.
 */
class InvalidParameterException extends ResponseStatusException {

	private final String parameter;

	InvalidParameterException(String parameter, String problem) {
		super(HttpStatus.BAD_REQUEST, "'" + parameter + "' " + problem + ".");
		this.parameter = parameter;
		getBody().setProperty("parameter", parameter);
	}

	String parameter() {
		return this.parameter;
	}

}
