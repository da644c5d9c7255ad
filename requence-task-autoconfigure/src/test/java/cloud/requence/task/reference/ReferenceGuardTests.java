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

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskReferenceException.Reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ReferenceGuard}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReferenceGuardTests {

	private static final Map<String, String> NAMES = Map.of("files.example", "93.184.216.34", "inside.example",
			"10.0.0.5", "platform.example", "10.0.0.1", "both.example", "93.184.216.34,169.254.169.254",
			"ports.example", "93.184.216.35");

	private static ReferenceGuard guard(String baseUrl, String... allowed) {
		return new ReferenceGuard(ReferenceSettings.of(() -> URI.create(baseUrl)).withAllowedHosts(List.of(allowed)),
				ReferenceGuardTests::resolve);
	}

	private static InetAddress[] resolve(String host) throws UnknownHostException {
		String addresses = NAMES.getOrDefault(host, host.matches("[\\d.]+|\\[.*]") ? host : null);
		if (addresses == null) {
			throw new UnknownHostException(host);
		}
		String[] parts = addresses.split(",");
		InetAddress[] resolved = new InetAddress[parts.length];
		for (int i = 0; i < parts.length; i++) {
			resolved[i] = InetAddress.getByName(parts[i]);
		}
		return resolved;
	}

	private static void assertRefused(ReferenceGuard guard, String url, Reason reason) {
		assertThatExceptionOfType(TaskReferenceException.class).isThrownBy(() -> guard.check(URI.create(url)))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason))
			.withMessageNotContaining("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://platform.example/files/1", "https://platform.example:443/files/1",
			"https://PLATFORM.example/files/1?secret=1", "https://files.example/1", "http://files.example/1",
			"https://FILES.example/1", "http://files.example:80/1", "http://ports.example:9000/1",
			"https://ports.example:9000/1", "https://platform.example:9443/1", "https://[2606:4700::1111]:8443/1" })
	void allowsThePlatformAndHostsThatAreNamed(String url) {
		assertThatNoException().isThrownBy(() -> guard("https://platform.example/api", "Files.example ",
				"ports.example:9000", "platform.example:9443", "[2606:4700::1111]:8443")
			.check(URI.create(url)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:///etc/passwd", "ftp://files.example/1", "jar:file:/a.jar!/b", "gopher://a.example/",
			"https://user:secret@files.example/1", "https://other.example/1?secret=1", "http://127.0.0.1/1",
			"http://localhost/1", "http://169.254.169.254/latest/meta-data", "https:///1", "http://platform.example/1",
			"https://platform.example:8443/1", "https://platform.example:22/1", "http://platform.example:9443/1",
			"https://files.example:8443/1", "http://files.example:443/1", "http://files.example:8080/1",
			"https://ports.example/1", "https://ports.example:9001/1" })
	void refusesEverythingElse(String url) {
		assertRefused(
				guard("https://platform.example/api", "files.example", "ports.example:9000", "platform.example:9443"),
				url, Reason.NOT_ALLOWED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
			"0.0.0.0", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "[::1]", "[::]",
			"[fe80::1]", "[fc00::1]", "[fd12::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::7f00:1]", "[64:ff9b::7f00:1]",
			"[2002:7f00:1::]", "[2001::1]", "168.63.129.16", "192.0.0.192", "192.0.0.1", "[fd00:ec2::254]", "[fec0::1]",
			"[100::1]", "[64:ff9b:1::1]", "[::ffff:168.63.129.16]", "[::a9fe:a9fe]" })
	void refusesPrivateNetworksEvenIfTheyAreNamed(String host) {
		assertRefused(guard("https://platform.example/api", host), "https://" + host + "/1", Reason.NOT_ALLOWED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "inside.example", "both.example" })
	void refusesNamesThatLeadIntoPrivateNetworks(String host) {
		assertRefused(guard("https://platform.example/api", host), "https://" + host + "/1", Reason.NOT_ALLOWED);
	}

	@Test
	void warnsOnceOfAJvmThatResolvesEachTime(CapturedOutput output) {
		ReferenceGuard guard = guard("https://platform.example/api", "files.example");
		String warning = "The JVM does not keep resolved addresses";
		guard.check(URI.create("https://files.example/1"));
		assertThat(output).doesNotContain(warning);
		String before = Security.getProperty("networkaddress.cache.ttl");
		Security.setProperty("networkaddress.cache.ttl", "0");
		try {
			guard.check(URI.create("https://platform.example/1"));
			assertThat(output).doesNotContain(warning);
			guard.check(URI.create("https://files.example/1"));
			guard.check(URI.create("https://files.example/2"));
		}
		finally {
			// Any other value than zero is as good as none
			Security.setProperty("networkaddress.cache.ttl", (before != null) ? before : "30");
		}
		assertThat(output).containsOnlyOnce(warning);
	}

	@Test
	void saysThatAHostIsNotKnown() {
		assertRefused(guard("https://platform.example/api", "nowhere.example"), "https://nowhere.example/1",
				Reason.UNREACHABLE);
	}

	@Test
	void refusesAddressesThatHoldAnother() throws UnknownHostException {
		byte[] mapped = new byte[16];
		mapped[10] = (byte) 0xff;
		mapped[11] = (byte) 0xff;
		mapped[12] = 127;
		mapped[15] = 1;
		InetAddress disguised = Inet6Address.getByAddress("files.example", mapped, -1);
		ReferenceGuard guard = new ReferenceGuard(ReferenceSettings.of(() -> URI.create("https://platform.example"))
			.withAllowedHosts(List.of("files.example")), (host) -> new InetAddress[] { disguised });
		assertRefused(guard, "https://files.example/1", Reason.NOT_ALLOWED);
	}

	@Test
	void allowsThePlatformWhereverItIs() {
		ReferenceGuard guard = guard("http://127.0.0.1:8080/api", "127.0.0.1:9090");
		assertThatNoException().isThrownBy(() -> guard.check(URI.create("http://127.0.0.1:8080/files/1")));
		assertThatNoException().isThrownBy(() -> guard.check(URI.create("http://127.0.0.1:9090/files/1")));
		assertRefused(guard, "http://127.0.0.1:9091/actuator/env", Reason.NOT_ALLOWED);
		assertRefused(guard, "http://127.0.0.1/", Reason.NOT_ALLOWED);
	}

}
