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
package cloud.requence.task.reference;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import cloud.requence.task.Mutations;
import cloud.requence.task.Mutations.Input;
import cloud.requence.task.TaskReferenceException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes {@link ReferenceGuard}.
 */
class ReferenceGuardFuzzTests {

	private final ReferenceGuard guard = new ReferenceGuard(
			ReferenceSettings.of(() -> URI.create("https://platform.example:8443/api"))
				.withAllowedHosts(List.of("files.example")),
			ReferenceGuardFuzzTests::resolve);

	@Property
	void onlyThePlatformAndAllowedHostsAreAsked(@ForAll("addresses") Input input) {
		URI url = ReferenceGuard.parse(input.text());
		if (url == null) {
			return;
		}
		try {
			this.guard.check(url);
		}
		catch (TaskReferenceException ex) {
			return;
		}
		assertThat(url.getScheme().toLowerCase(Locale.ROOT)).isIn("http", "https");
		assertThat(url.getRawUserInfo()).isNull();
		String host = url.getHost().toLowerCase(Locale.ROOT);
		if (host.equals("platform.example")) {
			assertThat(url.getPort()).isEqualTo(8443);
			assertThat(url.getScheme()).isEqualToIgnoringCase("https");
		}
		else {
			assertThat(host).isEqualTo("files.example");
		}
	}

	@Provide
	Arbitrary<Input> addresses() {
		return Mutations.of(List.of("https://platform.example:8443/files/1", "https://files.example/1?a=b#c",
				"http://files.example:80/", "http://127.0.0.1:8080/", "http://user:pass@files.example/",
				"https://platform.example:8443@other.example/", "http://[::ffff:10.0.0.1]/", "//files.example/",
				"http://files.example\\@other.example/", "HTTPS://FILES.EXAMPLE./", "http://0x7f.1/", "file:///etc/x")
			.stream()
			.map((address) -> address.getBytes(StandardCharsets.UTF_8))
			.toList(), 1);
	}

	private static InetAddress[] resolve(String host) throws UnknownHostException {
		return new InetAddress[] { InetAddress.getByAddress(host, new byte[] { 93, (byte) 184, (byte) 216, 34 }) };
	}

}
