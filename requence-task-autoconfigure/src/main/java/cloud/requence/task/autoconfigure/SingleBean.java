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

import java.util.Collection;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Finds the single bean that a property needs, or lists the candidates.
 */
final class SingleBean {

	private SingleBean() {
	}

	static <T> T of(ObjectProvider<T> provider, String property, String type) {
		return of(provider, property, type, "Declare a " + type + " bean.");
	}

	static <T> T of(ObjectProvider<T> provider, String property, String type, String remedy) {
		T bean;
		try {
			bean = provider.getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			Collection<String> names = ex.getBeanNamesFound();
			throw new InvalidPropertyException(property,
					"needs one " + type + " bean, and there are several"
							+ ((names != null) ? ": " + String.join(", ", names) : ""),
					"Mark the one to use as @Primary.");
		}
		if (bean == null) {
			throw new InvalidPropertyException(property, "needs a " + type + " bean, and there is none", remedy);
		}
		return bean;
	}

}
