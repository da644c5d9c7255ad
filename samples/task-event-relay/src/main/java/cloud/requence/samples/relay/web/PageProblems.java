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

package cloud.requence.samples.relay.web;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/**
 * Explains on a page why a request fails.
 */
@ControllerAdvice(assignableTypes = StateController.class)
class PageProblems {

	@ExceptionHandler
	ModelAndView refused(ResponseStatusException ex, HttpServletResponse response) {
		return page(ex.getStatusCode(), String.valueOf(ex.getReason()), response);
	}

	@ExceptionHandler({ MethodArgumentTypeMismatchException.class, MissingServletRequestParameterException.class })
	ModelAndView invalid(Exception ex, HttpServletResponse response) {
		return page(HttpStatus.NOT_FOUND, "There is no such page.", response);
	}

	private static ModelAndView page(HttpStatusCode status, String message, HttpServletResponse response) {
		response.setStatus(status.value());
		return new ModelAndView("error").addObject("status", status.value()).addObject("message", message);
	}

}
