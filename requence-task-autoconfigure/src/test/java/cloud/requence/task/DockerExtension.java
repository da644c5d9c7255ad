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

package cloud.requence.task;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * Skips tests if there is no Docker engine, or if it lacks an image that it cannot pull:
 * Testcontainers would try that for minutes. With the environment variable
 * {@code CI=true} the tests fail instead.
 */
public final class DockerExtension implements ExecutionCondition {

	private static final int REGISTRY_TIMEOUT_SECONDS = 10;

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		Requirement requirement = context.getRoot()
			.getStore(ExtensionContext.Namespace.create(DockerExtension.class))
			.computeIfAbsent(Requirement.class, (type) -> Requirement.check(), Requirement.class);
		if (requirement.missing() == null) {
			return ConditionEvaluationResult.enabled("There is a Docker engine with all images");
		}
		if ("true".equals(System.getenv("CI"))) {
			throw new IllegalStateException(requirement.missing());
		}
		return ConditionEvaluationResult.disabled(requirement.missing());
	}

	/**
	 * What the tests require of the machine.
	 *
	 * @param missing the reason why they cannot run, {@code null} if they can
	 */
	private record Requirement(@Nullable String missing) {

		static Requirement check() {
			TransportConfig transport;
			try {
				// Unlike isDockerAvailable(), this starts no container
				transport = DockerClientFactory.instance().getTransportConfig();
			}
			catch (IllegalStateException ex) {
				return new Requirement("There is no Docker engine");
			}
			try (DockerClient client = DockerClientProviderStrategy.getClientForConfig(transport)) {
				return new Requirement(images().stream()
					.filter((image) -> !isPresent(client, image) && !canBePulled(client, image))
					.findFirst()
					.map((image) -> "The Docker engine has no image '" + image + "' and cannot pull it")
					.orElse(null));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static List<String> images() {
			TestcontainersConfiguration configuration = TestcontainersConfiguration.getInstance();
			String base = EmulatorImage.baseImage();
			String tiny = configuration.getEnvVarOrProperty("tinyimage.container.image", "alpine:3.17");
			return Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED")) ? List.of(base, tiny) : List
				.of(base, tiny, configuration.getEnvVarOrProperty("ryuk.container.image", "testcontainers/ryuk"));
		}

		private static boolean isPresent(DockerClient client, String image) {
			if (!image.contains(":")) {
				return !client.listImagesCmd().withFilter("reference", List.of(image)).exec().isEmpty();
			}
			try {
				client.inspectImageCmd(image).exec();
				return true;
			}
			catch (NotFoundException ex) {
				return false;
			}
		}

		/**
		 * Whether the registry begins to send the image. The pull is cancelled then.
		 */
		private static boolean canBePulled(DockerClient client, String image) {
			try (FirstItem item = client.pullImageCmd(image.contains(":") ? image : image + ":latest")
				.exec(new FirstItem())) {
				return item.arrives();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private static final class FirstItem implements ResultCallback<PullResponseItem> {

		private final CountDownLatch done = new CountDownLatch(1);

		private volatile @Nullable Closeable request;

		private volatile boolean arrived;

		boolean arrives() throws InterruptedException {
			return this.done.await(REGISTRY_TIMEOUT_SECONDS, TimeUnit.SECONDS) && this.arrived;
		}

		@Override
		public void onStart(Closeable closeable) {
			this.request = closeable;
		}

		@Override
		public void onNext(PullResponseItem item) {
			this.arrived = !item.isErrorIndicated();
			this.done.countDown();
		}

		@Override
		public void onError(Throwable throwable) {
			this.done.countDown();
		}

		@Override
		public void onComplete() {
			this.done.countDown();
		}

		@Override
		public void close() throws IOException {
			Closeable request = this.request;
			if (request != null) {
				request.close();
			}
		}

	}

}
