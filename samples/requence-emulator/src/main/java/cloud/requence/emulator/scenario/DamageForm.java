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

package cloud.requence.emulator.scenario;

/**
 * Draws the form that comes with a claim.
 */
final class DamageForm {

	private DamageForm() {
	}

	/**
	 * Draw a form.
	 * @param data what it is about
	 * @return the picture as PNG
	 */
	static byte[] of(CaseData data) {
		Sheet sheet = new Sheet(596, 420);
		sheet.frame(20, 20, 556, 380, 2, Sheet.GREY);
		sheet.text(48, 52, 4, Sheet.BLACK, "Damage report");
		sheet.text(48, 120, 2, Sheet.BLUE, "Object");
		sheet.text(48, 146, 3, Sheet.BLACK, data.product());
		sheet.fill(48, 176, 500, 1, Sheet.GREY);
		sheet.text(48, 206, 2, Sheet.BLUE, "What happened");
		sheet.lines(48, 238, 470, 4);
		sheet.text(48, 356, 2, Sheet.RED, "Total loss");
		return sheet.toPng();
	}

}
