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

package cloud.requence.samples.benchmarks;

import java.util.List;

/**
 * What the payloads hold.
 *
 * @param number a number
 * @param lines what was ordered
 */
record Order(String number, List<Line> lines) {

	/**
	 * A line of an order.
	 *
	 * @param article the article
	 * @param count how many
	 * @param price the price of one
	 * @param delivered whether it was delivered
	 */
	record Line(Article article, int count, double price, boolean delivered) {
	}

	/**
	 * An article.
	 *
	 * @param id its number
	 * @param text its description
	 */
	record Article(String id, String text) {
	}
}
