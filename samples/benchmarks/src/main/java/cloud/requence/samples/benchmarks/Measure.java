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

/**
 * What is measured of a pipeline.
 */
enum Measure {

	/** Processor time, allocation and updates a second, as fast as it goes. */
	THROUGHPUT,

	/** From the server to the listener, with an update a millisecond. */
	LATENCY,

	/** What open tasks retain. */
	HEAP,

	/** The same as throughput, for each tenth of many updates. */
	BACKLOG,

	/** From the start of the process until the application is ready. */
	START

}
