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

package cloud.requence.samples.dashboard.web;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.client.TaskClientException;
import cloud.requence.task.client.TaskNotFoundException;
import cloud.requence.task.client.TaskPlatformUnreachableException;
import cloud.requence.task.client.TaskRejectedException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Describes failures in the form of RFC 9457, those of the framework as well.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

	@ExceptionHandler(ProblemException.class)
	ResponseEntity<ProblemDetail> known(ProblemException ex) {
		return answer(ex.status(), Problems.describe(ex));
	}

	@ExceptionHandler(IllegalArgumentException.class)
	ResponseEntity<ProblemDetail> invalid(IllegalArgumentException ex) {
		return answer(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler({ TaskReferenceException.class, IOException.class, TimeoutException.class })
	Mono<ResponseEntity<ProblemDetail>> notFetched(Exception ex, ServerHttpResponse response) {
		// A response that has begun can only be interrupted
		return response.isCommitted() ? Mono.error(ex)
				: Mono.just(answer(HttpStatus.BAD_GATEWAY, Problems.describe(ex)));
	}

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ResponseEntity<ProblemDetail> noDatabase(Exception ex) {
		return answer(HttpStatus.SERVICE_UNAVAILABLE, Problems.NO_DATABASE);
	}

	@ExceptionHandler(TaskPayloadException.class)
	ResponseEntity<ProblemDetail> unreadable(TaskPayloadException ex) {
		return answer(HttpStatus.UNPROCESSABLE_CONTENT, "The value cannot be read.");
	}

	@ExceptionHandler(TaskClientException.class)
	ResponseEntity<ProblemDetail> notDone(TaskClientException ex) {
		return answer(statusOf(ex), Problems.describe(ex));
	}

	@ExceptionHandler(DataBufferLimitException.class)
	ResponseEntity<ProblemDetail> tooLarge(DataBufferLimitException ex) {
		return answer(HttpStatus.CONTENT_TOO_LARGE, "The file is too large.");
	}

	@Override
	protected Mono<ResponseEntity<Object>> handleWebExchangeBindException(WebExchangeBindException ex,
			HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
		String fields = ex.getFieldErrors()
			.stream()
			.map(FieldError::getField)
			.sorted()
			.collect(Collectors.joining(", "));
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, "This is not understood: " + fields);
		return handleExceptionInternal(ex, problem, headers, status, exchange);
	}

	@Override
	protected Mono<ResponseEntity<Object>> handleExceptionInternal(Exception ex, @Nullable Object body,
			@Nullable HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
		HttpHeaders all = new HttpHeaders();
		if (headers != null) {
			all.putAll(headers);
		}
		all.setCacheControl(CacheControl.noStore());
		return super.handleExceptionInternal(ex, body, all, status, exchange);
	}

	private static HttpStatus statusOf(RequenceTaskException ex) {
		if (ex instanceof TaskNotFoundException) {
			return HttpStatus.NOT_FOUND;
		}
		if (ex instanceof TaskRejectedException) {
			return HttpStatus.CONFLICT;
		}
		return (ex instanceof TaskPlatformUnreachableException) ? HttpStatus.SERVICE_UNAVAILABLE
				: HttpStatus.BAD_GATEWAY;
	}

	private static ResponseEntity<ProblemDetail> answer(HttpStatus status, String detail) {
		return ResponseEntity.status(status)
			.cacheControl(CacheControl.noStore())
			.body(ProblemDetail.forStatusAndDetail(status, detail));
	}

}
