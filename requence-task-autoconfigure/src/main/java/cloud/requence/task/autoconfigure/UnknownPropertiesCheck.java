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

package cloud.requence.task.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Logs a warning for unknown properties, most of which are misspelt. This is not an
 * error, so that properties of a newer version do not prevent the start of an older one.
 */
final class UnknownPropertiesCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(UnknownPropertiesCheck.class);

	private static final String PREFIX = "requence.task";

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(PREFIX);

	/** Read by conditions only. */
	private static final Set<String> READ_ELSEWHERE = Set.of(PREFIX + ".enabled");

	private static final int MAX_DISTANCE = 2;

	private final Environment environment;

	UnknownPropertiesCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		find(this.environment).forEach(logger::warn);
	}

	/**
	 * Return a sentence for each property that has no effect.
	 */
	static List<String> find(Environment environment) {
		List<String> problems = new ArrayList<>();
		StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.filter(UnknownPropertiesCheck::hasExactNames)
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.flatMap((source) -> ((IterableConfigurationPropertySource) source).stream())
			.distinct()
			.flatMap(UnknownPropertiesCheck::withSimilarPrefix)
			.forEach(problems::add);
		try {
			Binder.get(environment)
				.bind(PREFIX, Bindable.of(RequenceTaskProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT, UnknownPropertiesCheck::hasExactNames));
		}
		catch (BindException ex) {
			if (ex.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
				unknown.getUnboundProperties()
					.stream()
					.filter((property) -> !READ_ELSEWHERE.contains(property.getName().toString()))
					.map(UnknownPropertiesCheck::withoutEffect)
					.forEach(problems::add);
			}
		}
		return problems;
	}

	/**
	 * An environment variable may be meant for something else.
	 */
	private static boolean hasExactNames(ConfigurationPropertySource source) {
		return !(source.getUnderlyingSource() instanceof PropertySource<?> underlying
				&& underlying.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME));
	}

	/**
	 * Find names such as {@code requence.tasks.since}.
	 */
	private static Stream<String> withSimilarPrefix(ConfigurationPropertyName name) {
		int elements = name.getNumberOfElements();
		return IntStream.rangeClosed(1, Math.min(2, elements - 1)).filter((length) -> {
			ConfigurationPropertyName prefix = name.chop(length);
			return !prefix.equals(ROOT) && distance(withoutSeparators(prefix.toString()), "requencetask") <= 1;
		})
			.mapToObj((length) -> "Property '" + name + "' is not known and has no effect. Did you mean '" + PREFIX
					+ "." + name.subName(length) + "'?");
	}

	private static String withoutEffect(ConfigurationProperty property) {
		String name = property.getName().toString().substring(PREFIX.length() + 1);
		boolean known = namesOf(RequenceTaskProperties.class, "").contains(name);
		return "Property '" + property.getName() + "' is " + (known ? "empty" : "not known") + " and has no effect"
				+ PropertyLookup.originOf(property) + (known ? "" : hint(name));
	}

	private static String hint(String unknown) {
		String written = withoutSeparators(unknown);
		return namesOf(RequenceTaskProperties.class, "").stream()
			.min(Comparator.comparingInt((name) -> distance(withoutSeparators(name), written)))
			.filter((name) -> distance(withoutSeparators(name), written) <= MAX_DISTANCE)
			.map((name) -> ". Did you mean '" + PREFIX + "." + name + "'?")
			.orElse(". Check its spelling");
	}

	private static String withoutSeparators(String name) {
		return name.replaceAll("[.-]", "");
	}

	/**
	 * Return how many letters have to be inserted, removed or replaced to make one name
	 * of another.
	 */
	private static int distance(String first, String second) {
		int[] row = IntStream.rangeClosed(0, second.length()).toArray();
		for (int i = 1; i <= first.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= second.length(); j++) {
				int replaced = diagonal + ((first.charAt(i - 1) == second.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[second.length()];
	}

	private static List<String> namesOf(Class<?> type, String prefix) {
		return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
			.filter((property) -> !property.getName().equals("class"))
			.flatMap((property) -> {
				String name = prefix + DataObjectPropertyName.toDashedForm(property.getName());
				Class<?> nested = property.getPropertyType();
				return (nested.getNestHost() == RequenceTaskProperties.class && !nested.isEnum())
						? namesOf(nested, name + ".").stream() : Stream.of(name);
			})
			.toList();
	}

}
