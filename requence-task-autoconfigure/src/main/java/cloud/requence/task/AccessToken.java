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

package cloud.requence.task;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * A credential for the task API, together with the address that it is meant for. It is a
 * secret: only {@link #secret()} and {@link #encoded()} give it away.
 */
public final class AccessToken {

	private static final String KIND = "api";

	private static final int PARTS = 3;

	private static final String SEPARATOR = "\uF6EE";

	private final String secret;

	private final URI baseUrl;

	private AccessToken(String secret, URI baseUrl) {
		this.secret = secret;
		this.baseUrl = baseUrl;
	}

	/**
	 * Read a token as the platform issues it.
	 * @param token the token; white space around it is ignored
	 * @return the access token
	 * @throws InvalidAccessTokenException if the token is missing, malformed, or not
	 * meant for tasks
	 */
	public static AccessToken parse(@Nullable String token) {
		if (token == null || token.isBlank()) {
			throw new InvalidAccessTokenException("The access token is missing");
		}
		String stripped = token.strip();
		checkSurroundings(stripped);
		String[] parts = AccessTokenEncoding.decode(stripped).split(SEPARATOR, -1);
		if (parts[0].equals("service")) {
			throw new InvalidAccessTokenException("The access token is one of kind 'service', which is meant for"
					+ " running a service; watching tasks needs one of kind '" + KIND + "'");
		}
		if (!parts[0].equals(KIND)) {
			throw new InvalidAccessTokenException("The access token is not one of kind '" + KIND + "'");
		}
		// Further parts are for others
		if (parts.length < PARTS) {
			throw new InvalidAccessTokenException(
					"The access token is malformed: it has " + parts.length + " parts instead of " + PARTS);
		}
		return new AccessToken(secretOf(parts[1]), baseUrlOf(parts[2]));
	}

	/**
	 * Name what is often copied with a token, or happens to it on the way.
	 */
	private static void checkSurroundings(String token) {
		char first = token.charAt(0);
		if (first == '"' || first == '\'') {
			throw new InvalidAccessTokenException("The access token is malformed: it begins with a quotation mark");
		}
		if (token.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())) {
			throw new InvalidAccessTokenException(
					"The access token is malformed: it begins with 'Bearer', which is not a part of it");
		}
		if (token.chars().anyMatch(Character::isWhitespace)) {
			throw new InvalidAccessTokenException(
					"The access token is malformed: it has a space or a line break inside");
		}
		if (token.indexOf('=') >= 0) {
			throw new InvalidAccessTokenException(
					"The access token is malformed: it has a '=', as if the name of a variable was copied with it");
		}
	}

	/**
	 * Create a token.
	 * @param secret the secret
	 * @param baseUrl the address that it is for
	 * @return the access token
	 * @throws InvalidAccessTokenException if the secret is empty or cannot be sent
	 * @throws IllegalArgumentException if the address is not an absolute http or https
	 * URL, or has user information, a query or a fragment
	 */
	public static AccessToken of(String secret, URI baseUrl) {
		Assert.notNull(secret, "'secret' must not be null");
		return new AccessToken(secretOf(secret), baseUrl).withBaseUrl(baseUrl);
	}

	private static String secretOf(String secret) {
		if (secret.isBlank()) {
			throw new InvalidAccessTokenException("The access token is malformed: its secret is empty");
		}
		// It is sent as a header
		if (!secret.chars().allMatch((character) -> character > ' ' && character < 0x7F)) {
			throw new InvalidAccessTokenException(
					"The access token is malformed: its secret has characters that cannot be sent");
		}
		return secret;
	}

	private static URI baseUrlOf(String baseUrl) {
		try {
			return normalize(new URI(baseUrl));
		}
		catch (URISyntaxException | IllegalArgumentException ex) {
			// Not the cause: it quotes a part of the token
			throw new InvalidAccessTokenException("The access token is malformed: its base URL is not valid"
					+ ((ex instanceof IllegalArgumentException) ? ", it " + ex.getMessage() : ""));
		}
	}

	private static URI normalize(URI url) {
		String scheme = (url.getScheme() != null) ? url.getScheme().toLowerCase(Locale.ROOT) : "";
		Assert.isTrue(scheme.equals("http") || scheme.equals("https"), "must be an absolute http or https URL");
		Assert.isTrue(StringUtils.hasText(url.getHost()), "must have a host");
		Assert.isTrue(url.getPort() <= 0xFFFF && url.getPort() != 0, "must have a valid port");
		Assert.isTrue(url.getRawUserInfo() == null, "must not have user information");
		Assert.isTrue(url.getRawQuery() == null, "must not have a query");
		Assert.isTrue(url.getRawFragment() == null, "must not have a fragment");
		String path = StringUtils.trimTrailingCharacter(url.getRawPath(), '/');
		return URI.create(scheme + "://" + url.getRawAuthority() + path);
	}

	/**
	 * Return the secret, to be sent to the {@link #baseUrl() base URL} alone.
	 * @return the secret
	 */
	public String secret() {
		return this.secret;
	}

	/**
	 * Return the address of the platform.
	 * @return an absolute http or https URL without user information, query, fragment or
	 * trailing slash
	 */
	public URI baseUrl() {
		return this.baseUrl;
	}

	/**
	 * Return a token with the same secret for another address.
	 * @param baseUrl the address
	 * @return the token
	 * @throws IllegalArgumentException if the address is not an absolute http or https
	 * URL, or has user information, a query or a fragment
	 */
	public AccessToken withBaseUrl(URI baseUrl) {
		Assert.notNull(baseUrl, "'baseUrl' must not be null");
		try {
			return new AccessToken(this.secret, normalize(baseUrl));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'baseUrl' " + ex.getMessage());
		}
	}

	/**
	 * Return the token as the platform would issue it, secret included.
	 * @return what {@link #parse} reads
	 */
	public String encoded() {
		return AccessTokenEncoding.encode(String.join(SEPARATOR, KIND, this.secret, this.baseUrl.toString()));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof AccessToken that && this.secret.equals(that.secret)
				&& this.baseUrl.equals(that.baseUrl));
	}

	@Override
	public int hashCode() {
		return 31 * this.secret.hashCode() + this.baseUrl.hashCode();
	}

	@Override
	public String toString() {
		return "AccessToken[secret=******, baseUrl=" + this.baseUrl + "]";
	}

}
