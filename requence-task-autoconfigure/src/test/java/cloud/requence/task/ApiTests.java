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

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications compile against: the public types of some packages. All others are
 * internal.
 */
class ApiTests {

	private static final String ROOT = "cloud.requence.task";

	/** The packages for applications. */
	private static final Set<String> PACKAGES = Stream
		.of("", ".autoconfigure", ".autoconfigure.docker", ".autoconfigure.endpoint", ".autoconfigure.health",
				".autoconfigure.metrics", ".autoconfigure.observation", ".autoconfigure.testcontainers", ".client",
				".deadletter", ".store", ".test")
		.map(ROOT::concat)
		.collect(Collectors.toUnmodifiableSet());

	private static final Path CLASSES = Path.of("target/classes");

	private static final Path SOURCES = Path.of("src/main/java");

	private static final Path LISTING = Path.of("../docs/api.txt");

	private static final Pattern OWN_TYPE = Pattern.compile("cloud\\.requence\\.task\\.[\\w.$]+");

	private static final Pattern IMPORT = Pattern
		.compile("^import (?:static )?(cloud\\.requence\\.task(?:\\.[a-z]\\w*)*)\\.[A-Z]", Pattern.MULTILINE);

	/**
	 * Fails with each change of the API, which is then visible in a review. Update the
	 * listing with {@code mvn verify -pl requence-task-autoconfigure -am -Dtest=ApiTests
	 * -Dsurefire.failIfNoSpecifiedTests=false -Dapi.update=true}.
	 */
	@Test
	void isAsListed() throws Exception {
		List<String> current = listing();
		if (Boolean.getBoolean("api.update")) {
			Files.write(LISTING, current);
		}
		assertThat(Files.readAllLines(LISTING))
			.as("docs/api.txt and the API. If the change is intended, run ApiTests with -Dapi.update=true")
			.isEqualTo(current);
	}

	@Test
	void exposesNothingInternal() throws Exception {
		Set<String> api = types().stream().map(Class::getName).collect(Collectors.toSet());
		for (String line : listing()) {
			Matcher type = OWN_TYPE.matcher(line);
			while (type.find()) {
				assertThat(api).as(line).contains(type.group());
			}
		}
	}

	@Test
	void allOtherPackagesSayThatTheyAreInternal() throws Exception {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			for (Path file : files.filter((path) -> path.endsWith("package-info.java")).toList()) {
				boolean internal = Files.readString(file).contains("This package is internal");
				String name = SOURCES.relativize(file.getParent()).toString().replace('/', '.').replace('\\', '.');
				assertThat(internal).as(name).isNotEqualTo(PACKAGES.contains(name));
			}
		}
	}

	@Test
	void theComparisonWithTheLastReleaseHasTheSamePackages() throws Exception {
		String pom = Files.readString(Path.of("pom.xml"));
		Matcher included = Pattern.compile("<include>(.*?)</include>").matcher(pom);
		Set<String> packages = new LinkedHashSet<>();
		while (included.find()) {
			packages.add(included.group(1));
		}
		assertThat(packages).containsExactlyInAnyOrderElementsOf(PACKAGES);
	}

	/**
	 * The samples are models to copy from. The benchmarks measure internals.
	 */
	@Test
	void isAllThatSamplesUse() throws Exception {
		try (Stream<Path> files = Files.walk(Path.of("../samples"))) {
			List<Path> sources = files.filter((path) -> path.toString().endsWith(".java"))
				.filter((path) -> !path.startsWith("../samples/benchmarks"))
				.toList();
			assertThat(sources).isNotEmpty();
			for (Path file : sources) {
				Matcher imported = IMPORT.matcher(Files.readString(file));
				while (imported.find()) {
					assertThat(PACKAGES).as(file.toString()).contains(imported.group(1));
				}
			}
		}
	}

	private static List<String> listing() throws Exception {
		TreeMap<String, List<String>> types = new TreeMap<>();
		for (Class<?> type : types()) {
			types.put(type.getName(), describe(type));
		}
		return types.values().stream().flatMap(List::stream).toList();
	}

	private static List<Class<?>> types() throws Exception {
		List<Class<?>> types = new ArrayList<>();
		try (Stream<Path> files = Files.walk(CLASSES)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".class")).toList()) {
				String name = ClassUtils.convertResourcePathToClassName(
						StringUtils.stripFilenameExtension(CLASSES.relativize(file).toString().replace('\\', '/')));
				if (PACKAGES.contains(ClassUtils.getPackageName(name)) && !name.endsWith("package-info")) {
					Class<?> type = Class.forName(name, false, ApiTests.class.getClassLoader());
					if (isVisible(type)) {
						types.add(type);
					}
				}
			}
		}
		return types;
	}

	private static boolean isVisible(Class<?> type) {
		return isVisible(type.getModifiers()) && !type.isAnonymousClass() && !type.isLocalClass()
				&& (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
	}

	private static boolean isVisible(int modifiers) {
		return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
	}

	private static List<String> describe(Class<?> type) {
		Set<String> members = new TreeSet<>();
		for (Field field : type.getDeclaredFields()) {
			if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
				members.add(modifiers(field.getModifiers()) + typed(field.getAnnotatedType()) + " " + field.getName());
			}
		}
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
				members.add(modifiers(constructor.getModifiers()) + "<init>" + parameters(constructor));
			}
		}
		for (Method method : type.getDeclaredMethods()) {
			if (isVisible(method.getModifiers()) && !method.isSynthetic() && !method.isBridge()) {
				members.add((method.isDefault() ? "default " : "") + modifiers(method.getModifiers())
						+ typeParameters(method.getTypeParameters()) + typed(method.getAnnotatedReturnType()) + " "
						+ method.getName() + parameters(method));
			}
		}
		List<String> lines = new ArrayList<>();
		lines.add(declaration(type));
		members.forEach((member) -> lines.add("\t" + shorten(member)));
		return lines;
	}

	private static String declaration(Class<?> type) {
		String kind = type.isAnnotation() ? "@interface "
				: type.isInterface() ? "interface " : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ";
		int modifiers = type.getModifiers() & ~(type.isInterface() ? Modifier.ABSTRACT | Modifier.STATIC : 0);
		StringBuilder declaration = new StringBuilder(modifiers(modifiers)).append(type.isSealed() ? "sealed " : "")
			.append(kind)
			.append(type.getName())
			.append(typeParameters(type.getTypeParameters()));
		if (type.isAnnotationPresent(AutoConfiguration.class)) {
			// To be excluded by its name, and for nothing else
			return declaration.toString();
		}
		Type superclass = type.getGenericSuperclass();
		if (superclass != null && superclass != Object.class && superclass != Record.class && !type.isEnum()) {
			declaration.append(" extends ").append(superclass.getTypeName());
		}
		if (type.getInterfaces().length > 0 && !type.isAnnotation()) {
			declaration.append(type.isInterface() ? " extends " : " implements ")
				.append(join(type.getGenericInterfaces()));
		}
		return shorten(declaration.toString());
	}

	private static String modifiers(int modifiers) {
		int shown = modifiers
				& (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT);
		return (shown != 0) ? Modifier.toString(shown) + " " : "";
	}

	private static String typeParameters(TypeVariable<?>[] parameters) {
		return (parameters.length == 0) ? ""
				: Arrays.stream(parameters)
					.map((parameter) -> parameter.getName() + " extends " + join(parameter.getBounds()))
					.collect(Collectors.joining(", ", "<", "> "));
	}

	private static String join(Type[] types) {
		return Arrays.stream(types).map(Type::getTypeName).collect(Collectors.joining(", "));
	}

	private static String parameters(Executable executable) {
		return Arrays.stream(executable.getAnnotatedParameterTypes())
			.map(ApiTests::typed)
			.collect(Collectors.joining(", ", "(", ")"));
	}

	private static String typed(AnnotatedType type) {
		return (type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "") + type.getType().getTypeName();
	}

	private static String shorten(String line) {
		return line.replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "").replace(" extends Object", "").replace("  ", " ");
	}

}
