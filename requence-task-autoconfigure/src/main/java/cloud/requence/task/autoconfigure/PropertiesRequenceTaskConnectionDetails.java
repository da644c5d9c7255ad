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

package cloud.requence.task.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import cloud.requence.task.AccessToken;

/**
 * Adapts the properties to {@link RequenceTaskConnectionDetails}. The access token is
 * read from the environment each time, which may give another one than at the start.
 */
final class PropertiesRequenceTaskConnectionDetails implements RequenceTaskConnectionDetails {

	private static final String BASE_URL = "requence.task.base-url";

	private static final Pattern HTTP = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

	private final RequenceTaskProperties properties;

	private final Environment environment;

	private final @Nullable SslBundles sslBundles;

	PropertiesRequenceTaskConnectionDetails(RequenceTaskProperties properties, Environment environment,
			@Nullable SslBundles sslBundles) {
		this.properties = properties;
		this.environment = environment;
		this.sslBundles = sslBundles;
	}

	@Override
	public AccessToken getAccessToken() {
		AccessToken token = AccessTokenProperty.in(this.environment)
			.findFirst()
			.or(this::boundAccessToken)
			.map(AccessTokenProperty::parse)
			.orElseThrow(() -> new InvalidAccessTokenPropertyException(AccessTokenProperty.TASK,
					"The access token is missing"));
		String baseUrl = this.properties.getBaseUrl();
		return StringUtils.hasText(baseUrl) ? withBaseUrl(token, baseUrl.strip()) : token;
	}

	// Set by other means than the environment
	private Optional<AccessTokenProperty> boundAccessToken() {
		return Optional.ofNullable(this.properties.getAccessToken())
			.filter(StringUtils::hasText)
			.map((value) -> new AccessTokenProperty(AccessTokenProperty.TASK, value));
	}

	private static AccessToken withBaseUrl(AccessToken token, String baseUrl) {
		if (!HTTP.matcher(baseUrl).lookingAt()) {
			throw new InvalidPropertyException(BASE_URL,
					"must be an absolute http or https URL: it does not begin with 'https://' or 'http://'");
		}
		try {
			return token.withBaseUrl(new URI(baseUrl));
		}
		catch (URISyntaxException ex) {
			throw new InvalidPropertyException(BASE_URL, "must be a URL: " + ex.getReason());
		}
		catch (IllegalArgumentException ex) {
			throw InvalidPropertyException.because(BASE_URL, ex);
		}
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		String name = this.properties.getSsl().getBundle();
		if (!StringUtils.hasText(name)) {
			return null;
		}
		if (this.sslBundles == null) {
			throw noBundle("names a bundle, but there are none");
		}
		try {
			return this.sslBundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw noBundle("names a bundle that is not there, '" + name + "'");
		}
	}

	private static InvalidPropertyException noBundle(String problem) {
		return new InvalidPropertyException("requence.task.ssl.bundle", problem,
				"Define the bundle below 'spring.ssl.bundle', or correct its name.");
	}

}
