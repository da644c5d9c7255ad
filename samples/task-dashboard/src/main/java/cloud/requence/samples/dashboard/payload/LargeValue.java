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

package cloud.requence.samples.dashboard.payload;

import java.util.List;

/**
 * A payload with the values that were too large for a message, as a browser sees it.
 *
 * @param text the JSON, or its beginning
 * @param size the size of the whole in bytes
 * @param truncated whether the text is only the beginning
 * @param references the files and streams in it
 */
record LargeValue(String text, int size, boolean truncated, List<PayloadReference> references) {

}
