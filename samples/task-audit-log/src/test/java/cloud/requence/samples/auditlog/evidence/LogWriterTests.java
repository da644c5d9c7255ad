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

package cloud.requence.samples.auditlog.evidence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;
import cloud.requence.samples.auditlog.entry.NewEntry;
import cloud.requence.samples.auditlog.evidence.LogWriter.TreeState;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.merkle.Tile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

/**
 * What an append writes, and that appends take their turns.
 */
class LogWriterTests {

	private JdbcTemplate jdbc;

	private LogWriter writer;

	private TransactionTemplate transactions;

	@BeforeEach
	void createLog() {
		DataSource dataSource = TestDatabase.owner(TestDatabase.create());
		this.jdbc = new JdbcTemplate(dataSource);
		this.writer = new LogWriter(dataSource);
		this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
	}

	@Test
	void writesRowsPayloadsAndTree() {
		TreeState first = append(SampleEntries.of(0, 3));
		TreeState second = append(SampleEntries.of(3, 2));
		assertThat(first.size()).isEqualTo(3);
		assertThat(second.size()).isEqualTo(5);
		CompactRange range = new CompactRange();
		leafHashes().forEach(range::append);
		assertThat(second.root()).isEqualTo(range.root());
		assertThat(this.jdbc.queryForList("select size from tree order by size", Long.class)).containsExactly(3L, 5L);
		assertThat(this.jdbc.queryForObject("select range from tree where size = 5", byte[].class))
			.isEqualTo(range.encode());
		assertThat(this.jdbc.queryForList("select body ->> 'number' from payload order by sequence", String.class))
			.containsExactly("0", "2", "3");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 100, 255, 256, 257, 600 })
	void writesEachTileOnceHoweverTheBatchesLie(int batch) {
		int size = (batch == 1) ? 257 : 1200;
		for (int from = 0; from < size; from += batch) {
			append(SampleEntries.of(from, Math.min(batch, size - from)));
		}
		List<byte[]> leaves = leafHashes();
		List<byte[]> tiles = this.jdbc.queryForList("select hashes from tile where level = 0 order by index",
				byte[].class);
		assertThat(tiles).hasSize(size / Tile.WIDTH);
		for (int i = 0; i < tiles.size() * Tile.WIDTH; i++) {
			assertThat(Tile.node(tiles.get(i / Tile.WIDTH), 0, i % Tile.WIDTH)).isEqualTo(leaves.get(i));
		}
		assertThat(this.jdbc.queryForObject("select root from tile where level = 0 and index = 0", byte[].class))
			.isEqualTo(Tile.root(tiles.get(0)));
	}

	@Test
	void writesATileOfTheNextLevel() {
		this.jdbc.update("insert into tile (level, index, hashes, root) select 0, i, ''::bytea, sha256(i::text::bytea) "
				+ "from generate_series(0, 254) i");
		CompactRange below = new CompactRange();
		IntStream.range(0, 255 * 256).forEach((i) -> below.append(new byte[32]));
		this.jdbc.update("insert into tree (size, previous_size, root, range, recorded_at) values (?, 0, ?, ?, now())",
				below.size(), below.root(), below.encode());
		append(SampleEntries.of(0, 256));
		byte[] hashes = this.jdbc.queryForObject("select hashes from tile where level = 1 and index = 0", byte[].class);
		assertThat(Objects.requireNonNull(hashes)).hasSize(256 * 32);
		List<byte[]> roots = this.jdbc.queryForList("select root from tile where level = 0 order by index",
				byte[].class);
		for (int i = 0; i < 256; i++) {
			assertThat(Tile.node(hashes, 0, i)).isEqualTo(roots.get(i));
		}
	}

	@Test
	void leavesNothingBehindIfTheTransactionIsRolledBack() {
		append(SampleEntries.of(0, 2));
		assertThatRuntimeException().isThrownBy(() -> this.transactions.executeWithoutResult((status) -> {
			this.writer.append(SampleEntries.of(2, 5));
			throw new IllegalArgumentException("rolled back");
		}));
		assertThat(append(SampleEntries.of(2, 1)).size()).isEqualTo(3);
		assertThat(leafHashes()).hasSize(3);
	}

	@Test
	void appendsTwiceInATransactionAndNothingIfThereIsNothing() {
		TreeState state = this.transactions.execute((status) -> {
			this.writer.append(SampleEntries.of(0, 2));
			this.writer.append(SampleEntries.of(2, 2));
			return this.writer.append(List.of());
		});
		assertThat(Objects.requireNonNull(state).size()).isEqualTo(4);
		assertThat(this.jdbc.queryForList("select size from tree order by size", Long.class)).containsExactly(2L, 4L);
	}

	@Test
	void refusesToAppendWithoutATransaction() {
		assertThatIllegalStateException().isThrownBy(() -> this.writer.append(SampleEntries.of(0, 1)))
			.withMessageContaining("transaction");
	}

	@Test
	void takesTurns() throws Exception {
		int threads = 4;
		int transactionsOfEach = 25;
		CountDownLatch start = new CountDownLatch(threads);
		List<CompletableFuture<Void>> writers = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			writers.add(CompletableFuture.runAsync(() -> {
				start.countDown();
				await(start);
				for (int n = 0; n < transactionsOfEach; n++) {
					append(SampleEntries.of(n, 3));
				}
			}));
		}
		CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get();
		List<byte[]> leaves = leafHashes();
		assertThat(leaves).hasSize(threads * transactionsOfEach * 3);
		CompactRange range = new CompactRange();
		leaves.forEach(range::append);
		assertThat(this.jdbc.queryForObject("select root from tree order by size desc limit 1", byte[].class))
			.isEqualTo(range.root());
	}

	@Test
	void storesPayloadsThatJsonbCannotHold() {
		List<NewEntry> entries = SampleEntries.of(0, 1);
		for (String payload : List.of("{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "[1e999999]", "{", "{} {}", "NaN",
				"[".repeat(3000) + "]".repeat(3000), "[" + "9".repeat(140_000) + "]", "{\"\\udc00\":1}", "")) {
			append(List.of(new NewEntry(entries.get(0).entry(), payload.getBytes(StandardCharsets.UTF_8))));
		}
		append(List.of(new NewEntry(entries.get(0).entry(), new byte[] { '"', (byte) 0xff, '"' })));
		assertThat(this.jdbc.queryForObject("select count(*) from payload where body is null", Long.class))
			.isEqualTo(11);
	}

	@Test
	void searchesPayloadsThatJsonbCanHold() {
		NewEntry entry = SampleEntries.of(0, 1).get(0);
		List<String> payloads = List.of("null", "1", "{\"a\":1e300,\"a\":-1.5E-300}", "\"\\ud83d\\ude00 \\u00e9 \\n\"",
				"[" + "9".repeat(900) + "]", "[".repeat(400) + "]".repeat(400));
		for (String payload : payloads) {
			append(List.of(new NewEntry(entry.entry(), payload.getBytes(StandardCharsets.UTF_8))));
		}
		assertThat(this.jdbc.queryForObject("select count(*) from payload where body is not null", Long.class))
			.isEqualTo(payloads.size());
	}

	private TreeState append(List<NewEntry> entries) {
		return Objects.requireNonNull(this.transactions.execute((status) -> this.writer.append(entries)));
	}

	private List<byte[]> leafHashes() {
		return this.jdbc.queryForList("select leaf_hash from entry order by sequence", byte[].class);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
