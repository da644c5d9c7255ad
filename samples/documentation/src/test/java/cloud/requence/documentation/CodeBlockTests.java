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

package cloud.requence.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mock.env.MockEnvironment;

import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.autoconfigure.RequenceTaskProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the blocks of the documentation that are no Java: settings, dependencies and
 * commands. {@link SampleTests} compiles and runs the Java.
 */
class CodeBlockTests {

	private static final Set<String> CHECKED = Set.of("java", "kotlin", "groovy", "yaml", "properties", "xml", "json",
			"shell");

	// MonitoringDocumentationTests checks the queries; diagrams and listings have nothing
	// to check
	private static final Set<String> CHECKED_ELSEWHERE = Set.of("promql", "mermaid", "text");

	private static final Pattern MODULES = Pattern.compile("-pl (\\S+)");

	private static final Pattern TESTS = Pattern.compile("-Dtest='?([\\w,*]+)");

	private static final Pattern COMMAND = Pattern.compile("^(?:[A-Z_]+=\\S+ )*(\\S+)");

	private static final Pattern NOTATION = Pattern.compile("mplementation[ (]['\"]([^'\"]+)['\"]");

	private static final Pattern PATH = Pattern.compile("(?<!\\S)((?:samples|docs|\\.ci)/[\\w./-]+)");

	static Stream<CodeBlock> settings() {
		return blocks("yaml", "properties");
	}

	static Stream<CodeBlock> dependencies() {
		return blocks("xml");
	}

	static Stream<CodeBlock> updates() {
		return blocks("json");
	}

	static Stream<CodeBlock> commands() {
		return blocks("shell");
	}

	private static Stream<CodeBlock> blocks(String... languages) {
		return CodeBlock.all().stream().filter((block) -> List.of(languages).contains(block.language()));
	}

	@Test
	void everyBlockIsChecked() {
		assertThat(CodeBlock.all()).isNotEmpty()
			.allMatch((block) -> CHECKED.contains(block.language()) || CHECKED_ELSEWHERE.contains(block.language()),
					"has a language that is checked");
	}

	@Test
	void everyFenceIsClosed() {
		assertThat(CodeBlock.parse("page.md",
				List.of("# Page", "```java", "class A {", "}", "```", "text", "```", "x", "```")))
			.containsExactly(new CodeBlock("page.md", 2, "java", "class A {\n}\n"),
					new CodeBlock("page.md", 7, "", "x\n"));
	}

	@ParameterizedTest
	@MethodSource("settings")
	void settingsBind(CodeBlock block) throws IOException {
		PropertySourceLoader loader = block.language().equals("yaml") ? new YamlPropertySourceLoader()
				: new PropertiesPropertySourceLoader();
		MockEnvironment environment = new MockEnvironment().withProperty("REQUENCE_ACCESS_TOKEN", "token");
		List<String> names = new ArrayList<>();
		for (PropertySource<?> source : loader.load("block",
				new ByteArrayResource(block.code().getBytes(StandardCharsets.UTF_8)))) {
			environment.getPropertySources().addLast(source);
			names.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
		}
		if (names.stream().allMatch((name) -> name.startsWith("services."))) {
			assertIsDetected(names, environment);
			return;
		}
		Binder.get(environment)
			.bind("requence.task", Bindable.of(RequenceTaskProperties.class),
					new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
		assertThat(names).filteredOn((name) -> !name.startsWith("requence.task.")).isSubsetOf(knownProperties());
	}

	// RequenceEmulatorDockerComposeConnectionDetailsFactoryTests starts such a service
	private static void assertIsDetected(List<String> names, MockEnvironment environment) {
		assertThat(environment.getProperty("services.requence.labels.org.springframework.boot.service-connection"))
			.isEqualTo("requence-emulator");
		assertThat(names).filteredOn((name) -> name.contains(".environment."))
			.containsExactly("services.requence.environment.REQUENCE_EMULATOR_RATE");
	}

	private static Set<String> knownProperties() throws IOException {
		Set<String> known = new HashSet<>();
		for (URL metadata : Collections
			.list(CodeBlockTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream json = metadata.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
					known.add(property.get("name").asString());
				}
			}
		}
		return known;
	}

	@ParameterizedTest
	@MethodSource("dependencies")
	void dependenciesAreModulesOfThisProject(CodeBlock block) throws Exception {
		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader("<project>" + block.code() + "</project>")));
		XPath path = XPathFactory.newInstance().newXPath();
		NodeList dependencies = (NodeList) path.evaluate("//dependency", document, XPathConstants.NODESET);
		assertThat(dependencies.getLength()).isPositive();
		for (int i = 0; i < dependencies.getLength(); i++) {
			assertThat(modules()).contains(path.evaluate("groupId", dependencies.item(i)) + ":"
					+ path.evaluate("artifactId", dependencies.item(i)) + ":"
					+ path.evaluate("version", dependencies.item(i)));
		}
	}

	private static Set<String> modules() throws Exception {
		Set<String> modules = new TreeSet<>();
		XPath path = XPathFactory.newInstance().newXPath();
		Document parent = pom(CodeBlock.ROOT);
		modules.add(path.evaluate("/project/groupId", parent) + ":" + path.evaluate("/project/artifactId", parent) + ":"
				+ path.evaluate("/project/version", parent));
		NodeList names = (NodeList) path.evaluate("/project/modules/module", parent, XPathConstants.NODESET);
		for (int i = 0; i < names.getLength(); i++) {
			modules.add(path.evaluate("/project/groupId", parent) + ":"
					+ path.evaluate("/project/artifactId", pom(CodeBlock.ROOT.resolve(names.item(i).getTextContent())))
					+ ":" + path.evaluate("/project/version", parent));
		}
		return modules;
	}

	private static Document pom(Path module) throws Exception {
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(module.resolve("pom.xml").toFile());
	}

	@ParameterizedTest
	@MethodSource("buildScripts")
	void buildScriptsNameModulesOfThisProject(CodeBlock block) throws Exception {
		Matcher notation = NOTATION.matcher(block.code());
		assertThat(notation.find()).isTrue();
		do {
			assertThat(modules()).contains(notation.group(1));
		}
		while (notation.find());
	}

	static Stream<CodeBlock> buildScripts() {
		return blocks("groovy", "kotlin").filter((block) -> !block.code().startsWith("package "));
	}

	/**
	 * Against the part of Gradle that is used, as Gradle itself is no library.
	 */
	@Test
	void kotlinBuildScriptsCompile(@TempDir Path directory) throws Exception {
		List<String> scripts = buildScripts().filter((block) -> block.language().equals("kotlin"))
			.map(CodeBlock::code)
			.toList();
		assertThat(scripts).isNotEmpty();
		Samples.compileKotlin("""
				class Repositories { fun mavenLocal() {} ; fun mavenCentral() {} }
				class Dependencies { fun implementation(notation: String) = println(notation) }
				fun repositories(configure: Repositories.() -> Unit) = Repositories().configure()
				fun dependencies(configure: Dependencies.() -> Unit) = Dependencies().configure()
				fun script() {
				""" + String.join("\n", scripts) + "}\n", directory).close();
	}

	@ParameterizedTest
	@MethodSource("updates")
	void updatesAreInTheFormOfTheLibrary(CodeBlock block) {
		TaskUpdateJson json = TaskUpdateJson.withContext();
		assertThat(JsonMapper.shared().readTree(json.write(json.read(block.code()))))
			.isEqualTo(JsonMapper.shared().readTree(block.code()));
	}

	@ParameterizedTest
	@MethodSource("commands")
	void commandsNameWhatExists(CodeBlock block) throws IOException {
		for (String line : block.code().lines().toList()) {
			Matcher command = COMMAND.matcher(line);
			assertThat(command.find()).isTrue();
			assertThat(command.group(1)).matches("mvn|java|docker|curl|\\.ci/\\w+");
			if (command.group(1).startsWith(".ci/")) {
				assertThat(CodeBlock.ROOT.resolve(command.group(1))).isExecutable();
			}
			for (String module : values(MODULES, line)) {
				assertThat(CodeBlock.ROOT.resolve(module).resolve("pom.xml")).exists();
			}
			for (String test : values(TESTS, line)) {
				assertThat(testClasses()).as(test).anyMatch((name) -> name.matches(test.replace("*", ".*")));
			}
			Matcher path = PATH.matcher(line);
			while (path.find()) {
				String file = path.group(1);
				assertThat(CodeBlock.ROOT.resolve(file.replaceFirst("/target/.*", ""))).exists();
			}
		}
	}

	private static List<String> values(Pattern option, String line) {
		Matcher matcher = option.matcher(line);
		return matcher.find() ? List.of(matcher.group(1).split(",")) : List.of();
	}

	private static List<String> testClasses() throws IOException {
		try (Stream<Path> files = Files.walk(CodeBlock.ROOT.resolve("requence-task-autoconfigure/src/test/java"))) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith("Tests.java"))
				.map((name) -> name.replace(".java", ""))
				.toList();
		}
	}

}
