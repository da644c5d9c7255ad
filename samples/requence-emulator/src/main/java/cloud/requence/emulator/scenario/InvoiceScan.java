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
		Sheet sheet = new Sheet(596, 842);
		sheet.fill(0, 0, 596, 14, Sheet.BLUE);
		sheet.text(LEFT, 56, 3, Sheet.BLACK, data.company());
		sheet.lines(LEFT, 94, 190, 2);
		sheet.lines(LEFT, 168, 150, 4);
		sheet.lines(388, 168, 160, 3);
		sheet.text(LEFT, 276, 5, Sheet.BLACK, "Invoice");
		sheet.fill(LEFT, 346, WIDTH, 30, Sheet.BLUE);
		sheet.text(LEFT + 10, 354, 2, Sheet.WHITE, "Product");
		sheet.text(LEFT + 390, 354, 2, Sheet.WHITE, "Quantity");
		row(sheet, 390, data.product(), String.valueOf(data.quantity()));
		row(sheet, 430, "Packaging", "1");
		row(sheet, 470, "Delivery", "1");
		sheet.lines(LEFT, 540, 430, 5);
		sheet.frame(356, 650, 192, 62, 4, Sheet.RED);
		sheet.text(378, 670, 3, Sheet.RED, "Received");
		sheet.fill(LEFT, 780, WIDTH, 2, Sheet.GREY);
		sheet.lines(LEFT, 792, 380, 2);
		return sheet.toPng();
	}

	private static void row(Sheet sheet, int top, String product, String quantity) {
		sheet.text(LEFT + 10, top, 2, Sheet.BLACK, product);
		sheet.text(LEFT + 450, top, 2, Sheet.BLACK, quantity);
		sheet.fill(LEFT, top + 24, WIDTH, 1, Sheet.GREY);
	}

}
