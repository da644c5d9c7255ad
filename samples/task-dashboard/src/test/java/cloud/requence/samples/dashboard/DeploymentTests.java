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

package cloud.requence.samples.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the files with which the dashboard is deployed: that they fit together.
 */
class DeploymentTests {

	private static String read(String file) throws IOException {
		return Files.readString(Path.of(file));
	}

	private static Properties yaml(Resource file) {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(file);
		return yaml.getObject();
	}

	private static Set<String> found(String pattern, String text) {
		return Pattern.compile(pattern)
			.matcher(text)
			.results()
			.map((MatchResult match) -> match.group(1))
			.collect(Collectors.toSet());
	}

	@Test
	void composeNamesTheVariablesThatHaveToBeSet() throws IOException {
		String compose = read("compose.yaml");
		String introduction = compose.substring(0, compose.indexOf("services:"));
		Set<String> required = found("\\$\\{(\\w+):\\?}", compose);
		assertThat(required).isNotEmpty().allMatch(introduction::contains);
		assertThat(found("\\$\\{(\\w+)", compose)).containsAll(required).hasSize(required.size() + 1);
		assertThat(compose).contains("${DASHBOARD_HOST:-");
	}

	@Test
	void composeMountsFilesThatExist() {
		Properties compose = yaml(new FileSystemResource("compose.yaml"));
		List<String> mounts = compose.values()
			.stream()
			.map(String::valueOf)
			.filter((value) -> value.startsWith("./") && value.contains(":/"))
			.map((value) -> value.substring(0, value.indexOf(':')))
			.toList();
		// The certificates are the user's
		assertThat(mounts).containsExactlyInAnyOrder("./nginx.conf", "./certificates");
		assertThat(Path.of("nginx.conf")).exists();
	}

	@Test
	void theProxyPassesTheStreamOnAtOnce() throws IOException {
		String nginx = read("nginx.conf");
		String stream = nginx.substring(nginx.indexOf("location = /api/board {"));
		assertThat(stream).contains("proxy_buffering off;", "gzip off;", "proxy_read_timeout");
		assertThat(yaml(new FileSystemResource("compose.yaml"))).containsKey("services.dashboard.image");
		assertThat(found("http://([\\w.]+):8080", nginx)).containsExactly("dashboard");
	}

	@Test
	void theProxyReplacesAllHeadersOfOtherProxies() throws IOException {
		assertThat(found("proxy_set_header ((?:X-)?Forwarded[\\w-]*) ", read("nginx.conf"))).containsExactlyInAnyOrder(
				"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix",
				"X-Forwarded-Proto", "X-Forwarded-Ssl");
	}

	@Test
	void theProxyTakesTheFilesThatTheBoardTakes() throws IOException {
		long accepted = DataSize
			.parse(yaml(new ClassPathResource("application.yml"))
				.getProperty("spring.webflux.multipart.max-disk-usage-per-part"))
			.toMegabytes();
		long passed = Long.parseLong(found("client_max_body_size (\\d+)m;", read("nginx.conf")).iterator().next());
		assertThat(passed).isGreaterThan(accepted);
	}

}
