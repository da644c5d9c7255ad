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
		PageImage page = new PageImage(596, 420);
		page.frame(20, 20, 556, 380, 2, PageImage.GREY);
		page.text(48, 52, 4, PageImage.BLACK, "Damage report");
		page.text(48, 120, 2, PageImage.BLUE, "Object");
		page.text(48, 146, 3, PageImage.BLACK, data.product());
		page.fill(48, 176, 500, 1, PageImage.GREY);
		page.text(48, 206, 2, PageImage.BLUE, "What happened");
		page.lines(48, 238, 470, 4);
		page.text(48, 356, 2, PageImage.RED, "Total loss");
		return page.toPng();
	}

}
