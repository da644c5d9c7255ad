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

package cloud.requence.samples.dashboard.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A small OpenID provider. It asks nobody for a password: the user that a test has chosen
 * is signed in.
 */
public final class OpenIdProvider implements AutoCloseable {

	public static final String CLIENT = "board";

	public static final String SECRET = "secret-of-the-board";

	// One for all providers, as it takes a second to find its primes
	private static final RSAKey KEY = generate();

	private final JsonMapper mapper = new JsonMapper();

	private final HttpServer server;

	private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

	private final Queue<String> signedOut = new ConcurrentLinkedQueue<>();

	private volatile Map<String, Object> user = Map.of();

	private volatile boolean forging;

	private volatile boolean broken;

	private OpenIdProvider(HttpServer server) {
		this.server = server;
	}

	public static OpenIdProvider start() throws Exception {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		OpenIdProvider provider = new OpenIdProvider(server);
		server.createContext("/.well-known/openid-configuration", provider::configuration);
		server.createContext("/authorize", provider::authorize);
		server.createContext("/token", provider::token);
		server.createContext("/keys", provider::keys);
		server.createContext("/sign-out", provider::signOut);
		server.setExecutor(Executors.newCachedThreadPool());
		server.start();
		return provider;
	}

	private static RSAKey generate() {
		try {
			return new RSAKeyGenerator(2048).keyID("key").generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public String issuer() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/**
	 * Return the properties of an application that uses this provider.
	 */
	public List<String> arguments() {
		String registration = "--spring.security.oauth2.client.registration.keycloak.";
		return List.of(registration + "client-id=" + CLIENT, registration + "client-secret=" + SECRET,
				registration + "scope=openid", registration + "client-name=Example",
				"--spring.security.oauth2.client.provider.keycloak.issuer-uri=" + issuer(),
				"--spring.security.oauth2.client.provider.keycloak.user-name-attribute=preferred_username");
	}

	/**
	 * Behave as after the start.
	 */
	public void reset() {
		this.user = Map.of();
		this.forging = false;
		this.broken = false;
		this.codes.clear();
		this.signedOut.clear();
	}

	/**
	 * Choose who is signed in from now on.
	 * @param name the name of the user
	 * @param claims further claims
	 */
	public void user(String name, Map<String, Object> claims) {
		Map<String, Object> all = new HashMap<>(claims);
		all.put("preferred_username", name);
		this.user = all;
	}

	/**
	 * Sign tokens with another key from now on.
	 */
	public void forge() {
		this.forging = true;
	}

	/**
	 * Answer requests for tokens with nonsense from now on.
	 */
	public void breakTokens() {
		this.broken = true;
	}

	/**
	 * Return where browsers were led to after they were signed out.
	 */
	public List<String> signedOut() {
		return List.copyOf(this.signedOut);
	}

	private void configuration(HttpExchange exchange) throws IOException {
		answer(exchange, 200, Map.of("issuer", issuer(), "authorization_endpoint", issuer() + "/authorize",
				"token_endpoint", issuer() + "/token", "jwks_uri", issuer() + "/keys", "end_session_endpoint",
				issuer() + "/sign-out", "subject_types_supported", List.of("public"), "response_types_supported",
				List.of("code"), "id_token_signing_alg_values_supported", List.of("RS256")));
	}

	private void authorize(HttpExchange exchange) throws IOException {
		Map<String, String> request = parameters(exchange.getRequestURI().getRawQuery());
		String code = UUID.randomUUID().toString();
		this.codes.put(code, request);
		redirect(exchange,
				UriComponentsBuilder.fromUriString(request.get("redirect_uri"))
					.queryParam("code", code)
					.queryParam("state", "{state}")
					.encode()
					.buildAndExpand(request.get("state"))
					.toUriString());
	}

	private void token(HttpExchange exchange) throws IOException {
		Map<String, String> request = parameters(
				new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
		Map<String, String> login = this.codes.remove(String.valueOf(request.get("code")));
		String credentials = "Basic " + HttpHeaders.encodeBasicAuth(CLIENT, SECRET, null);
		boolean known = login != null && credentials.equals(exchange.getRequestHeaders().getFirst("Authorization"))
				&& login.get("redirect_uri").equals(request.get("redirect_uri"))
				&& isProven(login.get("code_challenge"), request.get("code_verifier"));
		if (!known || this.broken) {
			answer(exchange, known ? 200 : 400, known ? Map.of("what", "?") : Map.of("error", "invalid_grant"));
			return;
		}
		answer(exchange, 200, Map.of("access_token", UUID.randomUUID().toString(), "token_type", "Bearer", "expires_in",
				60, "id_token", idToken(login)));
	}

	private static boolean isProven(@Nullable String challenge, @Nullable String verifier) {
		if (challenge == null || verifier == null) {
			return false;
		}
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
			return challenge.equals(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String idToken(Map<String, String> login) {
		Instant now = Instant.now();
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(issuer())
			.subject("7f1c")
			.audience(CLIENT)
			.issueTime(Date.from(now))
			.expirationTime(Date.from(now.plusSeconds(60)))
			.claim("nonce", login.get("nonce"));
		this.user.forEach(claims::claim);
		try {
			SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key").build(),
					claims.build());
			token.sign(new RSASSASigner(this.forging ? generate() : KEY));
			return token.serialize();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void keys(HttpExchange exchange) throws IOException {
		answer(exchange, 200, new JWKSet(KEY.toPublicJWK()).toJSONObject());
	}

	private void signOut(HttpExchange exchange) throws IOException {
		String target = parameters(exchange.getRequestURI().getRawQuery()).get("post_logout_redirect_uri");
		this.signedOut.add(target);
		redirect(exchange, target);
	}

	private static Map<String, String> parameters(String query) {
		MultiValueMap<String, String> parameters = UriComponentsBuilder.newInstance()
			.query(query)
			.build(true)
			.getQueryParams();
		Map<String, String> decoded = new HashMap<>();
		parameters.forEach((name, values) -> decoded.put(name,
				URLDecoder.decode(String.valueOf(values.get(0)), StandardCharsets.UTF_8)));
		return decoded;
	}

	private static void redirect(HttpExchange exchange, String location) throws IOException {
		exchange.getResponseHeaders().set("Location", location);
		exchange.sendResponseHeaders(302, -1);
		exchange.close();
	}

	private void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
		byte[] json = this.mapper.writeValueAsBytes(body);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, json.length);
		exchange.getResponseBody().write(json);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
