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

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;
import reactor.test.StepVerifier;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

/**
 * What holds for the tests of the module.
 */
@AnalyzeClasses(packagesOf = TestCodeTests.class, importOptions = ImportOption.OnlyIncludeTests.class)
class TestCodeTests {

	@ArchTest
	static final ArchRule testClassesAreFoundByTheirNames = classes().that(haveTests())
		.should(ArchCondition.from(describe("be or be nested in a class whose name ends with 'Tests'",
				(type) -> outermost(type).getSimpleName().endsWith("Tests"))));

	@ArchTest
	static final ArchRule testsWaitForConditions = noClasses().should().callMethod(Thread.class, "sleep", long.class);

	@ArchTest
	static final ArchRule noTestIsSwitchedOff = noMethods().should().beAnnotatedWith(Disabled.class);

	@ArchTest
	static final ArchRule noTestClassIsSwitchedOff = noClasses().should().beAnnotatedWith(Disabled.class);

	@ArchTest
	static final ArchRule noTestWaitsForEver = noClasses().should()
		.callMethodWhere(target(name("verifyComplete")).and(target(owner(assignableTo(StepVerifier.LastStep.class)))))
		.because("expectComplete().verify(Duration) ends in any case");

	@ArchTest
	static final ArchRule applicationsAreClosedAfterTheirTests = classes().that()
		.areAnnotatedWith(SpringBootTest.class)
		.should()
		.beAnnotatedWith(DirtiesContext.class)
		.because("a watcher in a cached context runs beside all tests that follow");

	@ArchTest
	static final ArchRule testsCountTheThreadsOfTheirOwnApplication = noClasses().that()
		.areNotAssignableTo(StartedThreads.class)
		.should()
		.callMethod(Thread.class, "getAllStackTraces");

	private static DescribedPredicate<JavaClass> haveTests() {
		return describe("have tests", (type) -> type.getMethods().stream().anyMatch(TestCodeTests::isTest));
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(TestCodeTests::outermost).orElse(type);
	}

	private static boolean isTest(JavaMethod method) {
		return method.isMetaAnnotatedWith(Testable.class) || method.isAnnotatedWith(Property.class);
	}

}
