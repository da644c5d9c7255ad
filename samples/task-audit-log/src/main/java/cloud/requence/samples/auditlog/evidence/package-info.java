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

/**
 * Makes the audit log provable: encodes and hashes entries, appends them to the Merkle
 * tree in the transaction of the caller, signs and anchors tree heads, verifies a
 * database or an export, and erases payloads. Knows the entries the access of erasures to
 * the database and the record of accesses, and neither recording nor pages.
 */
@NullMarked
package cloud.requence.samples.auditlog.evidence;

import org.jspecify.annotations.NullMarked;
