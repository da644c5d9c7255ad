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

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Java blocks of a page, compiled as the files of one application, or a Kotlin block.
 */
final class Samples implements AutoCloseable {

	private static final String PACKAGE = "com.example.invoices";

	private final URLClassLoader classLoader;

	private Samples(Path directory) throws IOException {
		this.classLoader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, Samples.class.getClassLoader());
	}

	/**
	 * Compile the blocks; warnings are errors.
	 * @param blocks whole files
	 * @param directory where the classes are written
	 */
	static Samples compile(List<CodeBlock> blocks, Path directory) throws IOException {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		try (StandardJavaFileManager files = ToolProvider.getSystemJavaCompiler()
			.getStandardFileManager(diagnostics, null, null)) {
			files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(directory));
			ToolProvider.getSystemJavaCompiler()
				.getTask(null, files, diagnostics,
						List.of("--release", "17", "-parameters", "-proc:none", "-Xlint:all,-processing,-classfile"),
						null, blocks.stream().map(SourceFile::new).toList())
				.call();
		}
		assertThat(diagnostics.getDiagnostics().stream().map(Samples::describe)).isEmpty();
		return new Samples(directory);
	}

	/**
	 * Compile a Kotlin block; warnings are errors.
	 * @param code a whole file
	 * @param directory where the classes are written
	 */
	static Samples compileKotlin(String code, Path directory) throws IOException {
		Path source = Files.writeString(directory.resolve("Sample.kt"), code);
		ByteArrayOutputStream messages = new ByteArrayOutputStream();
		// Surefire gives the JVM a single jar that refers to the class path
		String classPath = Arrays
			.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
				.split(File.pathSeparator))
			.filter((entry) -> Files.exists(Path.of(entry)))
			.collect(Collectors.joining(File.pathSeparator));
		ExitCode exit = new K2JVMCompiler().exec(new PrintStream(messages, true, StandardCharsets.UTF_8), "-no-stdlib",
				"-no-reflect", "-java-parameters", "-Werror", "-jvm-target", "17", "-classpath", classPath, "-d",
				directory.toString(), source.toString());
		assertThat(exit).as(() -> messages.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
		return new Samples(directory);
	}

	private static String describe(Diagnostic<? extends JavaFileObject> diagnostic) {
		String place = (diagnostic.getSource() instanceof SourceFile file)
				? file.block.page() + ":" + (file.block.line() + diagnostic.getLineNumber()) : "compiler";
		return place + ": " + diagnostic.getMessage(null);
	}

	/**
	 * Return the blocks by page.
	 */
	static Map<String, List<CodeBlock>> byPage(List<CodeBlock> blocks) {
		return blocks.stream()
			.filter((block) -> block.language().equals("java"))
			.collect(Collectors.groupingBy(CodeBlock::page));
	}

	Class<?> type(String simpleName) throws ClassNotFoundException {
		return Class.forName(PACKAGE + "." + simpleName, false, this.classLoader);
	}

	ClassLoader classLoader() {
		return this.classLoader;
	}

	@Override
	public void close() throws IOException {
		this.classLoader.close();
	}

	private static final class SourceFile extends SimpleJavaFileObject {

		private final CodeBlock block;

		SourceFile(CodeBlock block) {
			super(URI.create("string:///" + PACKAGE.replace('.', '/') + "/" + block.typeName() + ".java"), Kind.SOURCE);
			this.block = block;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return Objects.requireNonNull(this.block.code());
		}

	}

}
