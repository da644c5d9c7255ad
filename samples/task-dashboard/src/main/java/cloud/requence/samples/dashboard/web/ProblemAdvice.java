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

import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.client.TaskClientException;
import cloud.requence.task.client.TaskNotFoundException;
import cloud.requence.task.client.TaskPlatformUnreachableException;
import cloud.requence.task.client.TaskRejectedException;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.bind.support.WebExchangeBindException;

/**
 * Tells browsers in words what went wrong.
 */
@RestControllerAdvice
class ProblemAdvice {

	@ExceptionHandler(ProblemException.class)
	ResponseEntity<Problem> known(ProblemException ex) {
		return answer(ex.status(), Problem.of(ex));
	}

	@ExceptionHandler(IllegalArgumentException.class)
	ResponseEntity<Problem> invalid(IllegalArgumentException ex) {
		return answer(HttpStatus.BAD_REQUEST, new Problem(String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler({ TaskReferenceException.class, IOException.class, TimeoutException.class })
	Mono<ResponseEntity<Problem>> notFetched(Exception ex, ServerHttpResponse response) {
		// A response that has begun can only be interrupted
		return response.isCommitted() ? Mono.error(ex) : Mono.just(answer(HttpStatus.BAD_GATEWAY, Problem.of(ex)));
	}

	@ExceptionHandler(TaskPayloadException.class)
	ResponseEntity<Problem> unreadable(TaskPayloadException ex) {
		return answer(HttpStatus.UNPROCESSABLE_CONTENT, new Problem("The value cannot be read."));
	}

	@ExceptionHandler(TaskClientException.class)
	ResponseEntity<Problem> notDone(TaskClientException ex) {
		return answer(statusOf(ex), Problem.of(ex));
	}

	@ExceptionHandler(WebExchangeBindException.class)
	ResponseEntity<Problem> notUnderstood(WebExchangeBindException ex) {
		return answer(HttpStatus.BAD_REQUEST, new Problem("This is not understood: "
				+ String.join(", ", ex.getFieldErrors().stream().map((error) -> error.getField()).sorted().toList())));
	}

	@ExceptionHandler(DataBufferLimitException.class)
	ResponseEntity<Problem> tooLarge(DataBufferLimitException ex) {
		return answer(HttpStatus.CONTENT_TOO_LARGE, new Problem("The file is too large."));
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

	private static ResponseEntity<Problem> answer(HttpStatus status, Problem problem) {
		return ResponseEntity.status(status).cacheControl(CacheControl.noStore()).body(problem);
	}

}
