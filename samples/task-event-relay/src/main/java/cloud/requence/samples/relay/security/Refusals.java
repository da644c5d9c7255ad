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

import java.io.IOException;
import java.util.Locale;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/**
 * Answers requests that are not allowed: pages lead to the login or to a page that says
 * so, everything else gets a problem in JSON (RFC 9457). Logs them, so that operators see
 * who tries what.
 */
final class Refusals {

	static final String LOGIN_PATH = "/login";

	private static final int MAX_LOGGED = 200;

	private static final Log logger = LogFactory.getLog(Refusals.class);

	private final LoginUrlAuthenticationEntryPoint loginPage = new LoginUrlAuthenticationEntryPoint(LOGIN_PATH);

	/**
	 * Demand a login. There is no challenge, so that browsers never store a password that
	 * they would add to the requests of other sites.
	 */
	void demandLogin(HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
			throws IOException, ServletException {
		if (isPage(request)) {
			this.loginPage.commence(request, response, reason);
		}
		else if (request.getHeader("HX-Request") != null) {
			// A part of a page: the whole page leads to the login
			response.setHeader("HX-Redirect", request.getContextPath() + LOGIN_PATH);
			response.setStatus(HttpStatus.UNAUTHORIZED.value());
		}
		else {
			problem(response, HttpStatus.UNAUTHORIZED, "Sign in, or send a name and a password (HTTP Basic).");
		}
	}

	void deny(HttpServletRequest request, HttpServletResponse response, AccessDeniedException reason)
			throws IOException {
		logger.info(printable(request.getMethod()) + " " + printable(request.getRequestURI()) + " refused: user '"
				+ printable(request.getRemoteUser()) + "' from " + request.getRemoteAddr() + " ("
				+ reason.getClass().getSimpleName() + ")");
		if (isPage(request)) {
			response.sendError(HttpStatus.FORBIDDEN.value());
		}
		else {
			problem(response, HttpStatus.FORBIDDEN, "Your role does not allow this.");
		}
	}

	void refuseLogin(HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
			throws IOException {
		logger.info("Login as '" + printable(request.getParameter("username")) + "' refused: from "
				+ request.getRemoteAddr() + " (" + reason.getClass().getSimpleName() + ")");
		response.sendRedirect(request.getContextPath() + LOGIN_PATH + "?refused");
	}

	private static boolean isPage(HttpServletRequest request) {
		String accept = request.getHeader(HttpHeaders.ACCEPT);
		return accept != null && accept.toLowerCase(Locale.ROOT).contains(MediaType.TEXT_HTML_VALUE)
				&& request.getHeader("HX-Request") == null;
	}

	private static void problem(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
		response.setStatus(status.value());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getWriter()
			.print("{\"title\":\"" + status.getReasonPhrase() + "\",\"status\":" + status.value() + ",\"detail\":\""
					+ detail + "\"}");
	}

	/**
	 * Return text for a log, in one line and without characters that terminals interpret.
	 */
	private static String printable(@Nullable String text) {
		String shown = (text != null) ? text : "";
		shown = (shown.length() > MAX_LOGGED) ? shown.substring(0, MAX_LOGGED) + "…" : shown;
		return shown.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
	}

}
