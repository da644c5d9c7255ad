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

import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListenerFactory;
import org.springframework.core.env.Environment;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

/**
 * The rules that Spring Boot keeps in its own auto-configurations.
 */
final class AutoConfigurationRules {

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.andShould()
		.resideInAPackage("..autoconfigure..");

	@ArchTest
	static final ArchRule configurationsHaveNoPublicMembers = members().that()
		.areDeclaredInClassesThat()
		.areMetaAnnotatedWith(Configuration.class)
		.and(not(areConstructorsWithoutParameters()))
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule nestedConfigurationsAreHiddenAndHaveNoProxy = classes().that()
		.areAnnotatedWith(Configuration.class)
		.should()
		.notBePublic()
		.andShould(ArchCondition.from(describe("have no proxy for its bean methods",
				(type) -> !type.getAnnotationOfType(Configuration.class).proxyBeanMethods())));

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule beanMethodsReturnBeans = noMethods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.haveRawReturnType(void.class);

	@ArchTest
	static final ArchRule classesAreNotLookedForOnBeanMethods = noMethods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.beAnnotatedWith(ConditionalOnClass.class)
		.because("the class with the method has been read by then");

	@ArchTest
	static final ArchRule missingBeansAreNotOfTheTypeThatIsReturnedAnyway = methods().that()
		.areAnnotatedWith(ConditionalOnMissingBean.class)
		.should(ArchCondition
			.from(not(describe("name only the type that is returned", (method) -> isRedundant(method)))));

	@ArchTest
	static final ArchRule conditionsAreHidden = classes().that()
		.areAssignableTo(Condition.class)
		.should()
		.notBePublic()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule postProcessorsInitializeNothingEarly = methods().that()
		.areAnnotatedWith(Bean.class)
		.and()
		.haveRawReturnType(assignableTo(BeanPostProcessor.class).or(assignableTo(EventListenerFactory.class)))
		.should()
		.beStatic()
		.andShould(haveOnlyParametersThat(areResolvedLater()));

	@ArchTest
	static final ArchRule factoryPostProcessorsKnowTheEnvironmentOnly = methods().that()
		.areAnnotatedWith(Bean.class)
		.and()
		.haveRawReturnType(assignableTo(BeanFactoryPostProcessor.class))
		.should()
		.beStatic()
		.andShould(haveOnlyParametersThat(are(Environment.class)))
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule propertiesArePublicAndNamedAsSpringBootDoes = classes().that()
		.areAnnotatedWith(ConfigurationProperties.class)
		.should()
		.bePublic()
		.andShould()
		.haveSimpleNameEndingWith("Properties")
		.andShould(ArchCondition.from(describe("have the prefix as 'value'",
				(type) -> type.getAnnotationOfType(ConfigurationProperties.class).prefix().isEmpty())));

	@ArchTest
	static final ArchRule nothingIsScanned = noClasses().that()
		.areNotAnnotatedWith("org.springframework.context.annotation.Configuration")
		.and()
		.areNotMetaAnnotatedWith("org.springframework.context.annotation.Configuration")
		.should()
		.beMetaAnnotatedWith("org.springframework.stereotype.Component")
		.orShould()
		.beAnnotatedWith("org.springframework.context.annotation.ComponentScan");

	private AutoConfigurationRules() {
	}

	private static DescribedPredicate<JavaMember> areConstructorsWithoutParameters() {
		return describe("constructors without parameters",
				(member) -> member instanceof JavaConstructor constructor && constructor.getParameters().isEmpty());
	}

	private static boolean isRedundant(JavaMethod method) {
		ConditionalOnMissingBean condition = method.getAnnotationOfType(ConditionalOnMissingBean.class);
		return condition.type().length == 0 && condition.name().length == 0 && condition.value().length == 1
				&& method.getRawReturnType().isEquivalentTo(condition.value()[0]);
	}

	private static ArchCondition<JavaMethod> haveOnlyParametersThat(DescribedPredicate<JavaParameter> predicate) {
		return ArchCondition.from(describe("have only parameters that " + predicate.getDescription(),
				(method) -> method.getParameters().stream().allMatch(predicate)));
	}

	private static DescribedPredicate<JavaParameter> areResolvedLater() {
		List<Class<?>> harmless = List.of(ObjectProvider.class, ApplicationContext.class, Environment.class);
		return describe("are resolved later", (parameter) -> parameter.isAnnotatedWith(Lazy.class)
				|| harmless.stream().anyMatch((type) -> parameter.getRawType().isAssignableTo(type)));
	}

	private static DescribedPredicate<JavaParameter> are(Class<?> type) {
		return describe("are of the type " + type.getSimpleName(),
				(parameter) -> parameter.getRawType().isEquivalentTo(type));
	}

}
