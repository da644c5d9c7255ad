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

import cloud.requence.task.autoconfigure.RequenceTaskKafkaAutoConfiguration;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;
import cloud.requence.task.watcher.DeliveryParts;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Updates go one way, from the stream through contexts and delivery to the applications,
 * and each package knows only what comes before it.
 */
final class PackageRules {

	private static final String ROOT = "cloud.requence.task";

	private static final String SUPPORT = ROOT + ".support..";

	private static final String STREAM = ROOT + ".stream..";

	private static final String CONTEXT = ROOT + ".context..";

	private static final String DELIVERY = ROOT + ".delivery..";

	private static final String LISTENER = ROOT + ".listener..";

	private static final String ACKNOWLEDGEMENT = ROOT + ".acknowledgement..";

	private static final String CHECKPOINT = ROOT + ".checkpoint..";

	private static final String DEAD_LETTER = ROOT + ".deadletter..";

	private static final String STORE = ROOT + ".store..";

	private static final String WATCHER = ROOT + ".watcher..";

	private static final String KAFKA = ROOT + ".kafka..";

	private static final String REFERENCE = ROOT + ".reference..";

	private static final String CLIENT = ROOT + ".client..";

	private static final String AUTOCONFIGURE = ROOT + ".autoconfigure..";

	private static final String HEALTH = ROOT + ".autoconfigure.health..";

	private static final String ENDPOINT = ROOT + ".autoconfigure.endpoint..";

	private static final String METRICS = ROOT + ".autoconfigure.metrics..";

	private static final String OBSERVATION = ROOT + ".autoconfigure.observation..";

	private static final String TEST = ROOT + ".test..";

	@ArchTest
	static final ArchRule whatApplicationsSeeKnowsNoStage = in(ROOT).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT));

	@ArchTest
	static final ArchRule supportKnowsNothing = in(SUPPORT).should().onlyDependOnClassesThat(areForeignOrIn());

	@ArchTest
	static final ArchRule theStreamComesFirst = in(STREAM).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, STREAM));

	@ArchTest
	static final ArchRule contextsKnowTheUpdatesOfTheStreamOnly = in(CONTEXT).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, CONTEXT).or(equivalentTo(RawUpdate.class)));

	@ArchTest
	static final ArchRule theDeliveryKnowsContextsOnly = in(DELIVERY).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, CONTEXT, DELIVERY));

	@ArchTest
	static final ArchRule listenersKnowWhichEndsAreAcknowledgedOnly = in(LISTENER).should()
		.onlyDependOnClassesThat(
				areForeignOrIn(ROOT, LISTENER).or(belongToAnyOf(EndAcknowledgement.class, LoggingContext.class)));

	@ArchTest
	static final ArchRule acknowledgementsKnowTheDeliveryOnly = in(ACKNOWLEDGEMENT).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, DELIVERY, ACKNOWLEDGEMENT));

	@ArchTest
	static final ArchRule onlyListenersKnowSpringsEvents = noClasses()
		.that(resideInAnyPackage(SUPPORT, STREAM, CONTEXT, DELIVERY, ACKNOWLEDGEMENT, CHECKPOINT))
		.should()
		.dependOnClassesThat(resideInAPackage("org.springframework.context.event.."));

	@ArchTest
	static final ArchRule checkpointsKnowTheDeliveryOnly = in(CHECKPOINT).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, DELIVERY, CHECKPOINT));

	@ArchTest
	static final ArchRule deadLettersKnowNoStage = in(DEAD_LETTER).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, DEAD_LETTER));

	@ArchTest
	static final ArchRule onlyDeadLettersKnowSql = noClasses()
		.that(doNot(resideInAnyPackage(DEAD_LETTER, AUTOCONFIGURE)))
		.should()
		.dependOnClassesThat(resideInAPackage("org.springframework.jdbc.core.."));

	@ArchTest
	static final ArchRule storesKnowNoStage = in(STORE).should().onlyDependOnClassesThat(areForeignOrIn(ROOT, STORE));

	@ArchTest
	static final ArchRule referencesKnowNoStage = in(REFERENCE).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, REFERENCE));

	@ArchTest
	static final ArchRule theClientKnowsNeitherDeliveryNorWatcher = in(CLIENT).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, STREAM, CONTEXT, REFERENCE, CLIENT));

	@ArchTest
	static final ArchRule theWatcherJoinsTheStages = in(WATCHER).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, STREAM, CONTEXT, DELIVERY, LISTENER, ACKNOWLEDGEMENT, CHECKPOINT,
				STORE, REFERENCE, CLIENT, WATCHER));

	@ArchTest
	static final ArchRule aTopicIsReadInPlaceOfTheStream = in(KAFKA).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, DELIVERY, ACKNOWLEDGEMENT, KAFKA)
			.or(belongToAnyOf(DefaultTaskWatcherBuilder.class, DeliveryParts.class)));

	@ArchTest
	static final ArchRule kafkaIsKnownInOnePlace = noClasses()
		.that(doNot(resideInAPackage(KAFKA).or(equivalentTo(RequenceTaskKafkaAutoConfiguration.class))))
		.should()
		.dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..",
				"org.springframework.boot.kafka.."));

	@ArchTest
	static final ArchRule nobodyKnowsTheAutoConfiguration = noClasses().that(doNot(resideInAPackage(AUTOCONFIGURE)))
		.should()
		.dependOnClassesThat(resideInAPackage(AUTOCONFIGURE));

	@ArchTest
	static final ArchRule theAutoConfigurationKnowsNoneOfItsOptionalParts = classes()
		.that(resideInAPackage(ROOT + ".autoconfigure"))
		.should()
		.onlyDependOnClassesThat(doNot(resideInAPackage(ROOT + ".autoconfigure.*..")));

	@ArchTest
	static final ArchRule onlyTheHealthPartKnowsHealth = onlyIn(HEALTH, "org.springframework.boot.health..");

	@ArchTest
	static final ArchRule onlyTheEndpointPartKnowsEndpoints = onlyIn(ENDPOINT,
			"org.springframework.boot.actuate.autoconfigure..",
			"org.springframework.boot.actuate.endpoint.annotation..");

	@ArchTest
	static final ArchRule onlyTheMetricsPartKnowsMeters = onlyIn(METRICS, "io.micrometer.core..");

	@ArchTest
	static final ArchRule onlyTheObservationPartKnowsObservations = onlyIn(OBSERVATION, "io.micrometer.observation..",
			"io.micrometer.common..");

	@ArchTest
	static final ArchRule onlyTheAutoConfigurationKnowsSpringBoot = noClasses()
		.that(doNot(resideInAPackage(AUTOCONFIGURE)))
		.should()
		.dependOnClassesThat(resideInAPackage("org.springframework.boot.."));

	@ArchTest
	static final ArchRule testSupportKnowsWhatApplicationsSee = in(TEST).should()
		.onlyDependOnClassesThat(areForeignOrIn(ROOT, TEST));

	@ArchTest
	static final ArchRule onlyTestSupportKnowsTests = onlyIn(TEST, "cloud.requence.emulator..",
			"org.springframework.test..", "org.junit..");

	@ArchTest
	static final ArchRule testcontainersAreKnownInOnePlace = onlyIn(ROOT + ".autoconfigure.testcontainers..",
			"org.testcontainers..", "org.springframework.boot.testcontainers..");

	@ArchTest
	static final ArchRule dockerComposeIsKnownInOnePlace = onlyIn(ROOT + ".autoconfigure.docker..",
			"org.springframework.boot.docker..");

	@ArchTest
	static final ArchRule theRestNeedsFewLibraries = classes()
		.that(doNot(resideInAnyPackage(AUTOCONFIGURE, KAFKA, TEST)))
		.should()
		.onlyDependOnClassesThat(resideInAnyPackage("", "java..", "javax.net..", ROOT + "..",
				"org.springframework.[aop|aot|beans|context|core|expression|format|http|scheduling|transaction|util|web]..",
				"org.springframework.dao..", "org.springframework.integration.metadata..",
				"org.springframework.jdbc.core..", "org.springframework.jdbc.datasource..", "java.sql..", "javax.sql..",
				"org.apache.commons.logging..", "org.slf4j..", "org.jspecify.annotations..", "org.reactivestreams..",
				"reactor.adapter..", "reactor.core..", "reactor.util..", "tools.jackson..",
				"com.fasterxml.jackson.annotation.."));

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching("(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes()
		.should(ArchCondition.from(describe("be in a package that is @NullMarked",
				(type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

	private PackageRules() {
	}

	private static GivenClassesConjunction in(String packageIdentifier) {
		return classes().that(resideInAPackage(packageIdentifier));
	}

	private static ArchRule onlyIn(String packageIdentifier, String... libraries) {
		return noClasses().that(doNot(resideInAPackage(packageIdentifier)))
			.should()
			.dependOnClassesThat(resideInAnyPackage(libraries));
	}

	private static DescribedPredicate<JavaClass> areForeignOrIn(String... packageIdentifiers) {
		return doNot(resideInAPackage(ROOT + "..")).or(resideInAnyPackage(packageIdentifiers))
			.or(resideInAPackage(SUPPORT));
	}

}
