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

package cloud.requence.samples.dashboard.board;

/**
 * How many tasks and updates there were since the board was opened.
 *
 * @param since when the board was opened, in milliseconds since the epoch
 * @param running how many tasks have not ended, whether there is room for them on the
 * board or not
 * @param runningExact whether that is the exact number; if not, there are more
 * @param succeeded how many tasks have ended with a result
 * @param failed how many tasks have failed
 * @param aborted how many tasks were aborted
 * @param updates how many updates were delivered
 */
record TaskCounters(long since, int running, boolean runningExact, long succeeded, long failed, long aborted,
		long updates) {

}
