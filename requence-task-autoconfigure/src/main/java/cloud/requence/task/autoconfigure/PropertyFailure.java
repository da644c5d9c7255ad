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

/**
 * A failure that is caused by a property.
 */
interface PropertyFailure {

	/**
	 * Return the property.
	 * @return the name of the property
	 */
	String property();

	/**
	 * Return what to do about it.
	 * @return a sentence
	 */
	String remedy();

	/**
	 * Create a description of a failure.
	 * @param property the name of the property
	 * @param remedy what to do about it
	 * @return the description
	 */
	static PropertyFailure of(String property, String remedy) {
		return new PropertyFailure() {

			@Override
			public String property() {
				return property;
			}

			@Override
			public String remedy() {
				return remedy;
			}

		};
	}

}
