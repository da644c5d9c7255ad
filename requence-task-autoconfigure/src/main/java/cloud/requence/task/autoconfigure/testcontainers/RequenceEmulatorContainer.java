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

package cloud.requence.task.autoconfigure.testcontainers;

import java.net.URI;
import java.util.Objects;
import java.util.concurrent.Future;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

import cloud.requence.task.AccessToken;

/**
 * A container that runs the emulator of the platform. With {@code @ServiceConnection} an
 * application connects to it without any property. As in all containers of
 * Testcontainers, errors are runtime exceptions.
 * <p>
 * Without {@link #withRate} the emulator creates no tasks: tests create their own.
 */
public class RequenceEmulatorContainer extends GenericContainer<RequenceEmulatorContainer> {

	private static final int PORT = 9420;

	private static final String RATE = "REQUENCE_EMULATOR_RATE";

	private static final String SECRET = "REQUENCE_EMULATOR_SECRET";

	/**
	 * Create a container.
	 * @param image the name of the image
	 */
	public RequenceEmulatorContainer(String image) {
		this(DockerImageName.parse(image));
	}

	/**
	 * Create a container.
	 * @param image the name of the image
	 */
	public RequenceEmulatorContainer(DockerImageName image) {
		super(image);
		configureEmulator();
	}

	/**
	 * Create a container.
	 * @param image the name of an image that is still to be built, such as an
	 * {@code ImageFromDockerfile}
	 */
	public RequenceEmulatorContainer(Future<String> image) {
		super(image);
		configureEmulator();
	}

	private void configureEmulator() {
		addExposedPort(PORT);
		addEnv(RATE, "0");
		addEnv(SECRET, "testcontainers-secret");
		setWaitStrategy(Wait.forHttp("/health").forPort(PORT));
	}

	/**
	 * Simulate the tasks of a fictitious business.
	 * @param tasksPerMinute new tasks per minute, 0 for none
	 * @return this container
	 */
	public RequenceEmulatorContainer withRate(double tasksPerMinute) {
		return withEnv(RATE, Double.toString(tasksPerMinute));
	}

	/**
	 * Set the speed of the simulation.
	 * @param speed the factor, 1 by default
	 * @return this container
	 */
	public RequenceEmulatorContainer withSpeed(double speed) {
		return withEnv("REQUENCE_EMULATOR_SPEED", Double.toString(speed));
	}

	/**
	 * Set the seed of the simulation.
	 * @param seed the seed; the same seed gives the same tasks
	 * @return this container
	 */
	public RequenceEmulatorContainer withSeed(long seed) {
		return withEnv("REQUENCE_EMULATOR_SEED", Long.toString(seed));
	}

	/**
	 * Set the secret in the access token.
	 * @param secret the secret
	 * @return this container
	 */
	public RequenceEmulatorContainer withSecret(String secret) {
		return withEnv(SECRET, secret);
	}

	/**
	 * Return the address of the API.
	 * @return the address for clients on this machine, known while the container runs
	 */
	public URI getBaseUrl() {
		return URI.create("http://" + getHost() + ":" + getMappedPort(PORT) + "/api");
	}

	/**
	 * Return the access token.
	 * @return the token for clients on this machine, known while the container runs
	 */
	public AccessToken getAccessToken() {
		return AccessToken.of(Objects.requireNonNull(getEnvMap().get(SECRET)), getBaseUrl());
	}

}
