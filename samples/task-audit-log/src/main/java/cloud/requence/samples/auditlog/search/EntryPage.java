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

package cloud.requence.samples.auditlog.search;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of entries.
 *
 * @param entries the entries, in the order that was asked for
 * @param newer where newer entries follow; {@code null} if there are none, or if this is
 * the page of the newest
 * @param older where older entries follow; {@code null} if there are none
 */
public record EntryPage(List<FoundEntry> entries, @Nullable EntryCursor newer, @Nullable EntryCursor older) {
}
