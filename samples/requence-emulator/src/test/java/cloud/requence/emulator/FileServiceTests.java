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

package cloud.requence.emulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Files, byte streams and claim checks, sent by clients and by scripts.
 */
class FileServiceTests {

	private static final byte[] PDF = "%PDF \u00e4\0".getBytes(StandardCharsets.ISO_8859_1);

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final RequenceEmulator emulator = RequenceEmulator.builder()
		.maxFileSize(100_000)
		.maxPayloadSize(500)
		.branch("draft")
		.build()
		.start();

	private final FileClient client = new FileClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Nested
	class Preparing {

		@Test
		void offersWhatTheEmulatorWasBuiltWith() throws Exception {
			JsonNode prepared = FileServiceTests.this.client.prepare();
			assertThat(prepared.path("branch").asString()).isEqualTo("draft");
			assertThat(prepared.at("/limits/maxPayloadSize").asInt()).isEqualTo(500);
			assertThat(prepared.at("/limits/maxFileSize").asLong()).isEqualTo(100_000);
			assertThat(prepared.at("/fileUrls/uploadUrl").asString())
				.startsWith("http://127.0.0.1:" + FileServiceTests.this.emulator.port() + "/");
			assertThat(prepared.at("/fileUrls/streamUrl").asString()).isNotEmpty();
		}

		@Test
		void offersSomethingSaneByDefault() throws Exception {
			try (RequenceEmulator other = RequenceEmulator.builder().build().start()) {
				JsonNode prepared = new FileClient(other).prepare();
				assertThat(prepared.path("branch").asString()).isEqualTo("live");
				assertThat(prepared.path("limits"))
					.hasToString("{\"maxPayloadSize\":262144,\"maxFileSize\":104857600}");
			}
		}

		@Test
		void mayOfferNothing() throws Exception {
			try (RequenceEmulator other = RequenceEmulator.builder()
				.withoutFileUrls()
				.withoutLimits()
				.build()
				.start()) {
				assertThat(new FileClient(other).prepare().propertyNames()).containsExactlyInAnyOrder("taskId",
						"finalizeUrl", "branch");
			}
		}

		@Test
		void saysTheSameBranchOfTheTask() throws Exception {
			TaskScript task = FileServiceTests.this.emulator.task("invoice").start();
			String url = FileServiceTests.this.emulator.baseUrl() + "/task/" + task.taskId();
			InputStream answer = FileServiceTests.this.client.open(url, "Authorization", "Bearer emulator-secret")
				.body();
			assertThat(FileServiceTests.this.mapper.readTree(answer).path("branch").asString()).isEqualTo("draft");
		}

	}

	@Nested
	class Uploading {

		@Test
		void givesAFileThatCanBeFetched() throws Exception {
			JsonNode uploaded = FileServiceTests.this.client.postJson(uploadUrl(), PDF, "application/pdf");
			assertThat(uploaded.propertyNames()).containsExactly("url", "mime", "size");
			assertThat(uploaded.path("mime").asString()).isEqualTo("application/pdf");
			assertThat(uploaded.path("size").asInt()).isEqualTo(PDF.length);
			HttpResponse<byte[]> fetched = FileServiceTests.this.client.get(uploaded.path("url").asString());
			assertThat(fetched.body()).isEqualTo(PDF);
			assertThat(fetched.headers().firstValue("Content-Type")).hasValue("application/pdf");
			assertThat(fetched.headers().firstValueAsLong("Content-Length")).hasValue(PDF.length);
		}

		@Test
		void takesAnEmptyFileWithoutAType() throws Exception {
			HttpResponse<String> answer = FileServiceTests.this.client.post(uploadUrl(), BodyPublishers.noBody());
			JsonNode uploaded = FileServiceTests.this.mapper.readTree(answer.body());
			assertThat(uploaded.path("size").asInt()).isZero();
			assertThat(uploaded.path("mime").asString()).isEqualTo("application/octet-stream");
			assertThat(FileServiceTests.this.client.get(uploaded.path("url").asString()).body()).isEmpty();
		}

		@Test
		void takesAFileOfUnknownLength() throws Exception {
			HttpResponse<String> answer = FileServiceTests.this.client.post(uploadUrl(),
					BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(PDF)));
			String url = FileServiceTests.this.mapper.readTree(answer.body()).path("url").asString();
			assertThat(FileServiceTests.this.emulator.files().content(url)).isEqualTo(PDF);
		}

		@Test
		void takesAFileThatIsJustNotTooLarge() throws Exception {
			JsonNode uploaded = FileServiceTests.this.client.postJson(uploadUrl(), new byte[100_000], "a/b");
			assertThat(uploaded.path("size").asInt()).isEqualTo(100_000);
		}

		@Test
		void refusesAFileThatIsTooLarge() throws Exception {
			HttpResponse<String> answer = FileServiceTests.this.client.post(uploadUrl(),
					BodyPublishers.ofByteArray(new byte[5_000_000]));
			assertThat(answer.statusCode()).isEqualTo(413);
			assertThat(answer.body()).isEqualTo("Larger than the limit of 100000 bytes");
		}

		@Test
		void refusesATooLargeFileOfUnknownLength() throws Exception {
			HttpResponse<String> answer = FileServiceTests.this.client.post(uploadUrl(),
					BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[5_000_000])));
			assertThat(answer.statusCode()).isEqualTo(413);
		}

		@Test
		void refusesAFileLargerThanItsSenderSays() throws Exception {
			HttpResponse<String> answer = FileServiceTests.this.client.post(uploadUrl(),
					BodyPublishers.ofByteArray(PDF), "file-size", "5");
			assertThat(answer.statusCode()).isEqualTo(413);
			assertThat(answer.body()).isEqualTo("Larger than the limit of 5 bytes");
		}

		@ParameterizedTest
		@ValueSource(strings = { "0", "-1", "many", "99999999999999999999" })
		void refusesALimitThatIsNone(String limit) throws Exception {
			HttpResponse<String> answer = FileServiceTests.this.client.post(uploadUrl(),
					BodyPublishers.ofByteArray(PDF), "file-size", limit);
			assertThat(answer.statusCode()).isEqualTo(400);
		}

		@Test
		void failsOnDemand() throws Exception {
			FileServiceTests.this.emulator.faults().failUploads(503, 1);
			assertThat(FileServiceTests.this.client.post(uploadUrl(), BodyPublishers.ofByteArray(PDF)).statusCode())
				.isEqualTo(503);
			assertThat(FileServiceTests.this.client.post(uploadUrl(), BodyPublishers.ofByteArray(PDF)).statusCode())
				.isEqualTo(200);
		}

		@Test
		void needsTheWholeAddress() throws Exception {
			String guess = FileServiceTests.this.emulator.baseUrl() + "/files/guess/upload";
			assertThat(FileServiceTests.this.client.post(guess, BodyPublishers.noBody()).statusCode()).isEqualTo(404);
			assertThat(FileServiceTests.this.client.get(guess).statusCode()).isEqualTo(404);
		}

		@Test
		void isRecordedWithoutItsBytes() throws Exception {
			String url = uploadUrl();
			FileServiceTests.this.client.post(url, BodyPublishers.ofByteArray(PDF), "file-size", "1000");
			RecordedRequest request = lastRequest();
			assertThat(request.method()).isEqualTo("POST");
			assertThat(request.path()).isEqualTo(URI.create(url).getPath());
			assertThat(request.headers()).containsEntry("file-size", "1000").doesNotContainKey("authorization");
			assertThat(request.body()).isEmpty();
		}

		private String uploadUrl() throws Exception {
			return FileServiceTests.this.client.uploadUrl();
		}

	}

	@Nested
	class Scripts {

		@Test
		void storeFiles() throws Exception {
			EmulatedFile file = files().store(PDF, "application/pdf");
			assertThat(file.size()).isEqualTo(PDF.length);
			assertThat(file.reference()).isEqualTo(FileServiceTests.this.mapper.readTree("""
					{"__REQUENCE_type": "RequenceFile", "url": "%s", "mime": "application/pdf", "size": %d}"""
				.formatted(file.url(), PDF.length)));
			HttpResponse<byte[]> fetched = FileServiceTests.this.client.get(file.url());
			assertThat(fetched.body()).isEqualTo(PDF);
			assertThat(fetched.headers().firstValue("Content-Type")).hasValue("application/pdf");
		}

		@Test
		void storeFilesBeyondTheLimitOfClients() {
			EmulatedFile file = files().store(new ByteArrayInputStream(new byte[200_000]), "a/b");
			assertThat(files().content(file.url())).hasSize(200_000);
		}

		@Test
		void storeClaimChecks() throws Exception {
			EmulatedFile file = files().store(PDF, "application/pdf");
			EmulatedClaimCheck claimCheck = files().claimCheck(Map.of("file", file));
			byte[] json = FileServiceTests.this.mapper.writeValueAsBytes(Map.of("file", file.reference()));
			assertThat(claimCheck.reference()).isEqualTo(FileServiceTests.this.mapper.readTree("""
					{"__REQUENCE_type": "ClaimCheck", "url": "%s", "size": %d}""".formatted(claimCheck.url(),
					json.length)));
			HttpResponse<byte[]> fetched = FileServiceTests.this.client.get(claimCheck.url());
			assertThat(fetched.headers().firstValue("Content-Type")).hasValue("application/json");
			assertThat(fetched.body()).isEqualTo(json);
		}

		@Test
		void putReferencesIntoValues() throws Exception {
			EmulatedFile file = files().store(PDF, "application/pdf");
			EmulatedStream stream = files().stream("text/csv");
			EmulatedClaimCheck claimCheck = files().claimCheck(List.of(1));
			TaskScript task = FileServiceTests.this.emulator.task("invoice")
				.input(Map.of("file", file))
				.start()
				.nodeUpdate("read", List.of(stream))
				.end(claimCheck);
			String url = FileServiceTests.this.emulator.baseUrl() + "/task/" + task.taskId();
			JsonNode fetched = FileServiceTests.this.mapper
				.readTree(FileServiceTests.this.client.open(url, "Authorization", "Bearer emulator-secret").body());
			assertThat(fetched.at("/input/file")).isEqualTo(file.reference());
			assertThat(fetched.at("/nodesData/0/data/0")).isEqualTo(stream.reference());
			assertThat(fetched.path("result")).isEqualTo(claimCheck.reference());
		}

		@Test
		void readWhatClientsHaveSent() throws Exception {
			JsonNode uploaded = FileServiceTests.this.client.postJson(FileServiceTests.this.client.uploadUrl(), PDF,
					"application/pdf");
			assertThat(files().content(uploaded.path("url").asString())).isEqualTo(PDF);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> files().content("http://a/b"));
		}

		@Test
		void needAPort() {
			try (RequenceEmulator other = RequenceEmulator.builder().build()) {
				assertThatIllegalStateException().isThrownBy(() -> other.files().store(PDF, "a/b"));
			}
		}

		private EmulatedFiles files() {
			return FileServiceTests.this.emulator.files();
		}

	}

	@Nested
	class Streaming {

		private final EmulatedStream stream = FileServiceTests.this.emulator.files().stream("text/csv");

		@Test
		void hasAReference() throws Exception {
			assertThat(this.stream.reference()).isEqualTo(FileServiceTests.this.mapper.readTree("""
					{"__REQUENCE_type": "RequenceStream", "url": "%s", "mime": "text/csv"}"""
				.formatted(this.stream.url())));
		}

		@Test
		void followsItsWriterInFrames() throws Exception {
			this.stream.write("a,b");
			HttpResponse<InputStream> answer = FileServiceTests.this.client.openFramed(this.stream.url());
			assertThat(answer.headers().firstValue("x-requence-stream-protocol")).hasValue("framed");
			assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv");
			try (InputStream body = answer.body()) {
				assertThat(FileClient.frame(body)).isEqualTo("0:a,b");
				this.stream.write("c");
				assertThat(FileClient.frame(body)).isEqualTo("0:c");
				this.stream.end();
				assertThat(FileClient.frame(body)).isEqualTo("1:");
				assertThat(body.read()).isNegative();
			}
		}

		@Test
		void followsItsWriterInRawBytes() throws Exception {
			this.stream.write("a,b");
			HttpResponse<InputStream> answer = FileServiceTests.this.client.open(this.stream.url());
			assertThat(answer.headers().firstValue("x-requence-stream-protocol")).isEmpty();
			try (InputStream body = answer.body()) {
				assertThat(body.readNBytes(3)).asString().isEqualTo("a,b");
				this.stream.write("c").end();
				assertThat(body.readAllBytes()).asString().isEqualTo("c");
			}
		}

		@Test
		void answersBeforeTheFirstByte() throws Exception {
			assertThat(FileServiceTests.this.client.openFramed(this.stream.url()).statusCode()).isEqualTo(200);
		}

		@Test
		void isReadFromTheBeginningByEverybody() throws Exception {
			this.stream.write("a,b");
			try (InputStream early = FileServiceTests.this.client.open(this.stream.url()).body()) {
				assertThat(early.readNBytes(3)).asString().isEqualTo("a,b");
				this.stream.write(",c");
				try (InputStream other = FileServiceTests.this.client.open(this.stream.url()).body()) {
					this.stream.end();
					assertThat(other.readAllBytes()).asString().isEqualTo("a,b,c");
				}
				assertThat(early.readAllBytes()).asString().isEqualTo(",c");
			}
			try (InputStream late = FileServiceTests.this.client.openFramed(this.stream.url()).body()) {
				assertThat(FileClient.frame(late)).isEqualTo("0:a,b,c");
				assertThat(FileClient.frame(late)).isEqualTo("1:");
			}
		}

		@Test
		void tellsReadersOfFramesWhyItBrokeOff() throws Exception {
			this.stream.write("a").truncate("no paper");
			try (InputStream body = FileServiceTests.this.client.openFramed(this.stream.url()).body()) {
				assertThat(FileClient.frame(body)).isEqualTo("0:a");
				assertThat(FileClient.frame(body)).isEqualTo("2:no paper");
				assertThat(body.read()).isNegative();
			}
		}

		@Test
		void breaksOffForReadersOfRawBytes() throws Exception {
			this.stream.write("a").truncate("no paper");
			try (InputStream body = FileServiceTests.this.client.open(this.stream.url()).body()) {
				assertThat(body.readNBytes(1)).asString().isEqualTo("a");
				assertThatIOException().isThrownBy(body::read);
			}
		}

		@Test
		void takesNothingAfterItsEnd() {
			this.stream.end().end().truncate("too late");
			assertThatIllegalStateException().isThrownBy(() -> this.stream.write("a"));
		}

		@Test
		void splitsMuchIntoSeveralFrames() throws Exception {
			this.stream.write("x".repeat(1_000_000)).end();
			int length = 0;
			try (InputStream body = FileServiceTests.this.client.openFramed(this.stream.url()).body()) {
				String frame = FileClient.frame(body);
				while (frame.startsWith("0:x")) {
					length += frame.length() - 2;
					frame = FileClient.frame(body);
				}
				assertThat(frame).isEqualTo("1:");
			}
			assertThat(length).isEqualTo(1_000_000);
		}

	}

	@Nested
	class StreamsOfClients {

		@Test
		void areRegisteredAndThenWritten() throws Exception {
			String url = register();
			HttpResponse<String> written = FileServiceTests.this.client.post(url, BodyPublishers.ofString("a,b"));
			assertThat(written.statusCode()).isEqualTo(204);
			HttpResponse<byte[]> fetched = FileServiceTests.this.client.get(url);
			assertThat(fetched.body()).asString().isEqualTo("a,b");
			assertThat(fetched.headers().firstValue("Content-Type")).hasValue("text/csv");
			assertThat(FileServiceTests.this.emulator.files().content(url)).asString().isEqualTo("a,b");
		}

		@Test
		void mayBeEmpty() throws Exception {
			String url = register();
			FileServiceTests.this.client.post(url, BodyPublishers.noBody());
			try (InputStream body = FileServiceTests.this.client.openFramed(url).body()) {
				assertThat(FileClient.frame(body)).isEqualTo("1:");
			}
		}

		@Test
		void areReadWhileTheyAreWritten() throws Exception {
			String url = register();
			try (RawClient writer = startWriting(url);
					InputStream body = FileServiceTests.this.client.openFramed(url).body()) {
				assertThat(FileClient.frame(body)).isEqualTo("0:a");
				writer.write("1\r\nb\r\n");
				assertThat(FileClient.frame(body)).isEqualTo("0:b");
				writer.write("0\r\n\r\n");
				assertThat(FileClient.frame(body)).isEqualTo("1:");
				assertThat(writer.readUntil("\r\n")).startsWith("HTTP/1.1 204");
			}
		}

		@Test
		void breakOffWithTheirWriter() throws Exception {
			String url = register();
			try (RawClient writer = startWriting(url);
					InputStream framed = FileServiceTests.this.client.openFramed(url).body();
					InputStream raw = FileServiceTests.this.client.open(url).body()) {
				assertThat(FileClient.frame(framed)).isEqualTo("0:a");
				assertThat(raw.readNBytes(1)).asString().isEqualTo("a");
				writer.socket().close();
				assertThat(FileClient.frame(framed)).isEqualTo("2:The writer broke off");
				assertThatIOException().isThrownBy(raw::read);
			}
		}

		@Test
		void haveOneWriter() throws Exception {
			String url = register();
			FileServiceTests.this.client.post(url, BodyPublishers.ofString("a"));
			assertThat(FileServiceTests.this.client.post(url, BodyPublishers.ofString("b")).statusCode())
				.isEqualTo(409);
			assertThat(FileServiceTests.this.client.get(url).body()).asString().isEqualTo("a");
			String scripted = FileServiceTests.this.emulator.files().stream("a/b").url();
			assertThat(FileServiceTests.this.client.post(scripted, BodyPublishers.ofString("b")).statusCode())
				.isEqualTo(409);
		}

		@Test
		void breakOffAtTheLimitOfTheirRegistration() throws Exception {
			JsonNode registered = FileServiceTests.this.mapper.readTree(FileServiceTests.this.client
				.post(FileServiceTests.this.client.streamUrl(), BodyPublishers.noBody(), "file-size", "2")
				.body());
			String url = registered.path("url").asString();
			assertThat(FileServiceTests.this.client.post(url, BodyPublishers.ofString("abc")).statusCode())
				.isEqualTo(413);
			try (InputStream body = FileServiceTests.this.client.openFramed(url).body()) {
				assertThat(FileClient.frame(body)).isEqualTo("2:Larger than the limit of 2 bytes");
			}
		}

		@Test
		void cannotBeWrittenToAFile() throws Exception {
			String url = FileServiceTests.this.emulator.files().store(PDF, "a/b").url();
			assertThat(FileServiceTests.this.client.post(url, BodyPublishers.ofString("a")).statusCode())
				.isEqualTo(404);
		}

		private String register() throws Exception {
			JsonNode registered = FileServiceTests.this.client.postJson(FileServiceTests.this.client.streamUrl(),
					new byte[0], "text/csv");
			assertThat(registered.propertyNames()).containsExactly("url", "mime");
			assertThat(registered.path("mime").asString()).isEqualTo("text/csv");
			return registered.path("url").asString();
		}

		private RawClient startWriting(String url) {
			return RawClient.send(FileServiceTests.this.emulator, "POST " + URI.create(url).getPath()
					+ " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
		}

	}

	@Nested
	class Ending {

		@Test
		void deletesFilesFromDisk() throws Exception {
			EmulatedFile file = FileServiceTests.this.emulator.files().store(PDF, "a/b");
			Path path = pathOf(file);
			FileServiceTests.this.emulator.clear();
			assertThat(path.getParent()).doesNotExist();
			assertThat(FileServiceTests.this.client.get(file.url()).statusCode()).isEqualTo(404);
			Path other = pathOf(FileServiceTests.this.emulator.files().store(PDF, "a/b"));
			FileServiceTests.this.emulator.close();
			assertThat(other.getParent()).doesNotExist();
		}

		@Test
		void breaksStreamsOff() throws Exception {
			EmulatedStream stream = FileServiceTests.this.emulator.files().stream("a/b").write("a");
			try (InputStream body = FileServiceTests.this.client.openFramed(stream.url()).body()) {
				assertThat(FileClient.frame(body)).isEqualTo("0:a");
				FileServiceTests.this.emulator.clear();
				assertThat(FileClient.frame(body)).startsWith("2:");
			}
		}

		@Test
		void doesNotWaitForClients() throws Exception {
			EmulatedStream stream = FileServiceTests.this.emulator.files().stream("a/b").write("a");
			String uploadPath = URI.create(FileServiceTests.this.client.uploadUrl()).getPath();
			try (InputStream body = FileServiceTests.this.client.openFramed(stream.url()).body();
					RawClient uploading = RawClient.send(FileServiceTests.this.emulator,
							"POST " + uploadPath + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")) {
				assertThat(FileClient.frame(body)).isEqualTo("0:a");
				await().until(() -> FileServiceTests.this.emulator.requests()
					.stream()
					.anyMatch((request) -> request.path().equals(uploadPath)));
				FileServiceTests.this.emulator.stop();
				assertThatIOException().isThrownBy(() -> FileClient.frame(body));
				assertThat(uploading.readAll()).isEmpty();
			}
		}

		@Test
		void leavesNothingOfAnUploadThatWasUnderWay() throws Exception {
			Path directory = pathOf(FileServiceTests.this.emulator.files().store(PDF, "a/b")).getParent();
			String uploadPath = URI.create(FileServiceTests.this.client.uploadUrl()).getPath();
			try (RawClient uploading = RawClient.send(FileServiceTests.this.emulator,
					"POST " + uploadPath + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabc")) {
				await().until(() -> filesIn(directory) == 2);
				FileServiceTests.this.emulator.clear();
				uploading.write("def");
				assertThat(uploading.readUntil("\r\n")).startsWith("HTTP/1.1 500");
			}
			assertThat(directory).doesNotExist();
		}

		@Test
		void isNotAMatterOfStopping() throws Exception {
			EmulatedFile file = FileServiceTests.this.emulator.files().store(PDF, "a/b");
			FileServiceTests.this.emulator.stop();
			FileServiceTests.this.emulator.start();
			assertThat(FileServiceTests.this.client.get(file.url()).body()).isEqualTo(PDF);
		}

		private long filesIn(Path directory) throws IOException {
			try (Stream<Path> files = Files.list(directory)) {
				return files.count();
			}
		}

		private Path pathOf(EmulatedFile file) throws IOException {
			String id = file.url().substring(file.url().lastIndexOf('/') + 1);
			try (Stream<Path> paths = Files.find(Path.of(System.getProperty("java.io.tmpdir")), 2,
					(path, attributes) -> path.endsWith(id))) {
				return paths.findFirst().orElseThrow();
			}
		}

	}

	@Test
	void recordsOnlyTheBeginningOfLargeBodies() throws Exception {
		String url = this.emulator.baseUrl() + "/task/watch/none";
		this.client.post(url, BodyPublishers.ofString("x".repeat(1_000_000)), "Authorization",
				"Bearer emulator-secret");
		assertThat(lastRequest().body()).hasSize(64 * 1024);
	}

	@Test
	void refusesOtherMethods() throws IOException {
		try (RawClient raw = RawClient.send(this.emulator, "PUT", "/api/files/x", "emulator-secret", "")) {
			assertThat(raw.readUntil("No such")).startsWith("HTTP/1.1 405");
		}
	}

	private RecordedRequest lastRequest() {
		List<RecordedRequest> requests = this.emulator.requests();
		return requests.get(requests.size() - 1);
	}

}
