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
 * Draws an invoice.
 */
final class InvoiceScan {

	private static final int LEFT = 48;

	private static final int WIDTH = 500;

	private InvoiceScan() {
	}

	/**
	 * Draw an invoice.
	 * @param data what it is about
	 * @return the picture as PNG
	 */
	static byte[] of(CaseData data) {
		PageImage page = new PageImage(596, 842);
		page.fill(0, 0, 596, 14, PageImage.BLUE);
		page.text(LEFT, 56, 3, PageImage.BLACK, data.company());
		page.lines(LEFT, 94, 190, 2);
		page.lines(LEFT, 168, 150, 4);
		page.lines(388, 168, 160, 3);
		page.text(LEFT, 276, 5, PageImage.BLACK, "Invoice");
		page.fill(LEFT, 346, WIDTH, 30, PageImage.BLUE);
		page.text(LEFT + 10, 354, 2, PageImage.WHITE, "Product");
		page.text(LEFT + 390, 354, 2, PageImage.WHITE, "Quantity");
		row(page, 390, data.product(), String.valueOf(data.quantity()));
		row(page, 430, "Packaging", "1");
		row(page, 470, "Delivery", "1");
		page.lines(LEFT, 540, 430, 5);
		page.frame(356, 650, 192, 62, 4, PageImage.RED);
		page.text(378, 670, 3, PageImage.RED, "Received");
		page.fill(LEFT, 780, WIDTH, 2, PageImage.GREY);
		page.lines(LEFT, 792, 380, 2);
		return page.toPng();
	}

	private static void row(PageImage page, int top, String product, String quantity) {
		page.text(LEFT + 10, top, 2, PageImage.BLACK, product);
		page.text(LEFT + 450, top, 2, PageImage.BLACK, quantity);
		page.fill(LEFT, top + 24, WIDTH, 1, PageImage.GREY);
	}

}
