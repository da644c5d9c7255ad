package com.example.invoices;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.test.TaskUpdateRecorder;
import cloud.requence.task.test.WithRequenceEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.times;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "OPERATOR_PASSWORD=secret", "requence.task.listener.retry.delay=10ms" })
@WithRequenceEmulator
class InvoiceTests {

	@MockitoBean
	private BookingPolicy policy;

	@Autowired
	private BookingRepository bookings;

	@LocalServerPort
	private int port;

	@Test
	void booksAnInvoiceOnceIfItsListenerFailsAfterItHasWritten(RequenceEmulator emulator, TaskUpdateRecorder updates)
			throws Exception {
		willThrow(new IllegalStateException("Not yet")).willDoNothing().given(this.policy).check(any());
		emulator.task("invoice").name("invoice 7").start().end(null);
		updates.await(TaskEnd.class);
		then(this.policy).should(times(2)).check(any());
		assertThat(this.bookings.findAll()).extracting(Booking::getInvoice).containsExactly("invoice 7");
		assertThat(get("/bookings", "operator:secret").body()).isEqualTo("[\"invoice 7\"]");
	}

	@Test
	void showsTheHealthToAnAuthorisedUser() throws Exception {
		await().untilAsserted(() -> assertThat(get("/actuator/health/requenceTask", "operator:secret").body())
			.contains("\"status\":\"UP\"", "\"details\""));
		assertThat(get("/actuator/health", null).body()).contains("\"status\":\"UP\"").doesNotContain("requenceTask");
	}

	@Test
	void protectsTheEndpoint() throws Exception {
		assertThat(get("/actuator/requencetask", null).statusCode()).isEqualTo(401);
		assertThat(get("/actuator/requencetask", "operator:guess").statusCode()).isEqualTo(401);
		assertThat(get("/actuator/requencetask", "operator:secret").statusCode()).isEqualTo(200);
		assertThat(post("{\"action\": \"pause\"}", null).statusCode()).isEqualTo(401);
		assertThat(post("{\"action\": \"pause\"}", "operator:secret").statusCode()).isEqualTo(200);
		assertThat(post("{\"action\": \"resume\"}", "operator:secret").statusCode()).isEqualTo(200);
	}

	private HttpResponse<String> get(String path, String user) throws Exception {
		return send(HttpRequest.newBuilder().GET(), path, user);
	}

	private HttpResponse<String> post(String body, String user) throws Exception {
		return send(HttpRequest.newBuilder()
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)), "/actuator/requencetask", user);
	}

	private HttpResponse<String> send(HttpRequest.Builder request, String path, String user) throws Exception {
		if (user != null) {
			request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes()));
		}
		return HttpClient.newHttpClient()
			.send(request.uri(URI.create("http://localhost:" + this.port + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

}
