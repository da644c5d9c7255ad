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

import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

import org.springframework.context.ApplicationEvent;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * What no line of the module does, wherever it is.
 */
final class CodeRules {

	@ArchTest
	static final ArchRule nothingIsInjectedIntoFields = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

	@ArchTest
	static final ArchRule nothingIsPrinted = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

	@ArchTest
	static final ArchRule logsGoThroughSpring = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("java.util.logging..");

	@ArchTest
	static final ArchRule staticFieldsAreFinal = fields().that().areStatic().should().beFinal();

	@ArchTest
	static final ArchRule staticFieldsHoldNoState = fields().that().areStatic().should().notHaveRawType(thatChanges());

	@ArchTest
	static final ArchRule noThreadSleeps = noClasses().should()
		.callMethod(Thread.class, "sleep", long.class)
		.orShould()
		.callMethod(Thread.class, "sleep", long.class, int.class);

	@ArchTest
	static final ArchRule streamsAreCollectedIntoImmutableLists = noClasses().should()
		.callMethod(Collectors.class, "toList");

	@ArchTest
	static final ArchRule eventsAreThoseOfSpring = classes().that()
		.resideInAPackage("cloud.requence.task")
		.and()
		.haveSimpleNameEndingWith("Event")
		.should()
		.beAssignableTo(ApplicationEvent.class)
		.andShould()
		.bePublic();

	private CodeRules() {
	}

	private static DescribedPredicate<JavaClass> thatChanges() {
		return or(assignableTo(AtomicBoolean.class), assignableTo(AtomicInteger.class), assignableTo(AtomicLong.class),
				assignableTo(AtomicReference.class), assignableTo(ConcurrentMap.class), assignableTo(Executor.class),
				assignableTo(Lock.class), assignableTo(ThreadLocal.class))
			.as("that changes");
	}

}
