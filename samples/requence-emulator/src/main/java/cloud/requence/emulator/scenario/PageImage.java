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

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * An image of a printed page in a few colours, drawn without a window system or fonts,
 * which servers and containers lack.
 */
final class PageImage {

	static final byte WHITE = 0;

	static final byte BLACK = 1;

	static final byte GREY = 2;

	static final byte BLUE = 3;

	static final byte RED = 4;

	private static final byte[] PALETTE = bytes(252, 251, 247, 38, 40, 48, 205, 207, 212, 38, 84, 150, 196, 52, 48);

	private static final byte[] SIGNATURE = bytes(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');

	private static final int GLYPH_WIDTH = 5;

	private static final int GLYPH_HEIGHT = 7;

	// Each character with its columns, the lowest bit at the top
	private static final Map<Character, int[]> GLYPHS = glyphs("""
			& 3649562050 - 0808080808 . 0000606000 / 2010080402
			0 3E5149453E 1 00427F4000 2 7249494946 3 2141494D33 4 1814127F10
			5 2745454539 6 3C4A494931 7 4121110907 8 3649494936 9 464949291E
			A 7C1211127C B 7F49494936 C 3E41414122 D 7F4141413E E 7F49494941 F 7F09090901
			G 3E41415173 H 7F0808087F I 00417F4100 J 2040413F01 K 7F08142241 L 7F40404040
			M 7F021C027F N 7F0408107F O 3E4141413E P 7F09090906 Q 3E4151215E R 7F09192946
			S 2649494932 T 03017F0103 U 3F4040403F V 1F2040201F W 3F4038403F X 6314081463
			Y 0304780403 Z 6159494D43""");

	private final int width;

	private final int height;

	private final byte[] pixels;

	PageImage(int width, int height) {
		this.width = width;
		this.height = height;
		this.pixels = new byte[width * height];
	}

	void fill(int left, int top, int width, int height, byte color) {
		for (int y = Math.max(0, top); y < Math.min(this.height, top + height); y++) {
			int row = y * this.width;
			Arrays.fill(this.pixels, row + Math.min(this.width, left), row + Math.min(this.width, left + width), color);
		}
	}

	void frame(int left, int top, int width, int height, int thickness, byte color) {
		fill(left, top, width, thickness, color);
		fill(left, top + height - thickness, width, thickness, color);
		fill(left, top, thickness, height, color);
		fill(left + width - thickness, top, thickness, height, color);
	}

	/**
	 * Draw lines of illegible text.
	 */
	void lines(int left, int top, int width, int count) {
		for (int i = 0; i < count; i++) {
			fill(left, top + 16 * i, width - 37 * (i * 5 % 3), 6, GREY);
		}
	}

	void text(int left, int top, int scale, byte color, String text) {
		String letters = Normalizer.normalize(text.toUpperCase(Locale.ROOT), Normalizer.Form.NFD);
		int x = left;
		for (int i = 0; i < letters.length(); i++) {
			if (Character.getType(letters.charAt(i)) != Character.NON_SPACING_MARK) {
				glyph(x, top, scale, color, GLYPHS.getOrDefault(letters.charAt(i), new int[GLYPH_WIDTH]));
				x += (GLYPH_WIDTH + 1) * scale;
			}
		}
	}

	private void glyph(int left, int top, int scale, byte color, int[] columns) {
		for (int x = 0; x < GLYPH_WIDTH; x++) {
			for (int y = 0; y < GLYPH_HEIGHT; y++) {
				if ((columns[x] >> y & 1) != 0) {
					fill(left + x * scale, top + y * scale, scale, scale, color);
				}
			}
		}
	}

	/**
	 * Return the picture.
	 * @return a file of type {@code image/png}
	 */
	byte[] toPng() {
		ByteArrayOutputStream file = new ByteArrayOutputStream();
		try {
			DataOutputStream out = new DataOutputStream(file);
			out.write(SIGNATURE);
			chunk(out, "IHDR", header());
			chunk(out, "PLTE", PALETTE);
			chunk(out, "IDAT", compressedRows());
			chunk(out, "IEND", new byte[0]);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return file.toByteArray();
	}

	private byte[] header() throws IOException {
		ByteArrayOutputStream header = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(header);
		out.writeInt(this.width);
		out.writeInt(this.height);
		// 8 bits for each pixel, an index into the palette; no interlacing
		out.write(bytes(8, 3, 0, 0, 0));
		return header.toByteArray();
	}

	private byte[] compressedRows() throws IOException {
		ByteArrayOutputStream rows = new ByteArrayOutputStream();
		Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
		try (DeflaterOutputStream out = new DeflaterOutputStream(rows, deflater)) {
			for (int y = 0; y < this.height; y++) {
				out.write(0);
				out.write(this.pixels, y * this.width, this.width);
			}
		}
		finally {
			deflater.end();
		}
		return rows.toByteArray();
	}

	private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
		byte[] name = type.getBytes(StandardCharsets.US_ASCII);
		CRC32 checksum = new CRC32();
		checksum.update(name);
		checksum.update(data);
		out.writeInt(data.length);
		out.write(name);
		out.write(data);
		out.writeInt((int) checksum.getValue());
	}

	private static Map<Character, int[]> glyphs(String text) {
		Map<Character, int[]> glyphs = new HashMap<>();
		String[] words = text.split("\\s+");
		for (int i = 0; i < words.length; i += 2) {
			int[] columns = new int[GLYPH_WIDTH];
			for (int x = 0; x < GLYPH_WIDTH; x++) {
				columns[x] = Integer.parseInt(words[i + 1].substring(2 * x, 2 * x + 2), 16);
			}
			glyphs.put(words[i].charAt(0), columns);
		}
		return glyphs;
	}

	private static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

}
