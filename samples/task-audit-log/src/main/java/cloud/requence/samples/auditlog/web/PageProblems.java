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

import java.util.Objects;

import cloud.requence.samples.auditlog.search.BusyException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/**
 * Explains on a page why a request fails.
 */
@ControllerAdvice(assignableTypes = { LogController.class, ExportController.class, EvidencePages.class })
class PageProblems {

	static final String NO_DATABASE = "The database does not answer, or this access cannot be recorded. Nothing is "
			+ "shown without a record.";

	private static final Log logger = LogFactory.getLog(PageProblems.class);

	@ExceptionHandler
	ModelAndView refused(ResponseStatusException ex, HttpServletResponse response) {
		return page(ex.getStatusCode(), Objects.requireNonNullElse(ex.getReason(), ""), response);
	}

	@ExceptionHandler
	ModelAndView invalid(MethodArgumentTypeMismatchException ex, HttpServletResponse response) {
		return page(HttpStatus.NOT_FOUND, "There is no such page.", response);
	}

	@ExceptionHandler
	ModelAndView busy(BusyException ex, HttpServletResponse response) {
		return page(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(ex.getMessage()), response);
	}

	@ExceptionHandler
	ModelAndView tooSlow(QueryTimeoutException ex, HttpServletResponse response) {
		return page(HttpStatus.SERVICE_UNAVAILABLE, LogController.TOO_SLOW, response);
	}

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ModelAndView unavailable(Exception ex, HttpServletResponse response) {
		logger.warn("A page cannot be shown: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		return page(HttpStatus.SERVICE_UNAVAILABLE, NO_DATABASE, response);
	}

	private static ModelAndView page(HttpStatusCode status, String message, HttpServletResponse response) {
		if (response.isCommitted()) {
			throw new IllegalStateException("A part of the response is sent already");
		}
		// An export has begun to write
		response.reset();
		response.setStatus(status.value());
		return new ModelAndView("error").addObject("status", status.value()).addObject("message", message);
	}

}
