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

package cloud.requence.task.autoconfigure;

import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkHttpClientBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;

import cloud.requence.task.stream.JdkStreamConnector;
import cloud.requence.task.stream.WebClientStreamConnector;

/**
 * The connector of all watchers, created when the first one needs it. It is derived from
 * the HTTP client of the application, but has no read timeout, follows no redirects and
 * requests no compression.
 */
final class SharedStreamConnector implements DisposableBean {

	private static final Log logger = LogFactory.getLog(SharedStreamConnector.class);

	private final Supplier<ClientHttpConnectorBuilder<?>> builder;

	private final Supplier<HttpClientSettings> settings;

	private final List<DisposableBean> resources = new ArrayList<>();

	private @Nullable ClientHttpConnector connector;

	SharedStreamConnector(Supplier<ClientHttpConnectorBuilder<?>> builder, Supplier<HttpClientSettings> settings) {
		this.builder = builder;
		this.settings = settings;
	}

	synchronized ClientHttpConnector get() {
		ClientHttpConnector connector = this.connector;
		if (connector == null) {
			connector = create(this.builder.get(),
					this.settings.get().withReadTimeout(null).withRedirects(HttpRedirects.DONT_FOLLOW));
			this.connector = connector;
		}
		return connector;
	}

	private ClientHttpConnector create(ClientHttpConnectorBuilder<?> builder, HttpClientSettings settings) {
		if (builder instanceof JdkClientHttpConnectorBuilder jdk) {
			return Jdk.connector(jdk, settings);
		}
		if (builder instanceof HttpComponentsClientHttpConnectorBuilder) {
			return inPlaceOf("Apache HttpComponents", settings);
		}
		if (builder instanceof ReactorClientHttpConnectorBuilder reactor) {
			return Reactor.forStream(reactor).build(settings);
		}
		if (builder instanceof JettyClientHttpConnectorBuilder jetty) {
			return Jetty.forStream(jetty, this.resources).build(settings);
		}
		return checked(builder.build(settings), settings);
	}

	private ClientHttpConnector checked(ClientHttpConnector connector, HttpClientSettings settings) {
		if (connector instanceof Closeable closeable) {
			this.resources.add(closeable::close);
		}
		return (connector instanceof JdkClientHttpConnector || connector instanceof HttpComponentsClientHttpConnector)
				? inPlaceOf(connector.getClass().getSimpleName(), settings) : connector;
	}

	/**
	 * These connectors keep the connection of an exchange that was cancelled until more
	 * comes on it: each reconnect of a silent stream would leak one.
	 */
	private static ClientHttpConnector inPlaceOf(String connector, HttpClientSettings settings) {
		logger.info("Watching tasks through the JDK's HTTP client in place of " + connector
				+ ", which does not close a cancelled stream");
		return Jdk.connector(settings);
	}

	@Override
	public synchronized void destroy() throws Exception {
		for (DisposableBean resource : this.resources) {
			resource.destroy();
		}
		this.resources.clear();
		this.connector = null;
	}

	/**
	 * Spring's own connector for this client is one of those that do not close.
	 */
	private static final class Jdk {

		static ClientHttpConnector connector(JdkClientHttpConnectorBuilder builder, HttpClientSettings settings) {
			// Those for calls are not needed at the start
			Supplier<HttpClient.Builder> calls = SingletonSupplier.of(() -> clients(builder, settings));
			HttpClient.Builder streams = clients(builder, settings);
			return new JdkStreamConnector(() -> calls.get().build(), (executor) -> streams.executor(executor).build());
		}

		private static HttpClient.Builder clients(JdkClientHttpConnectorBuilder builder, HttpClientSettings settings) {
			AtomicReference<HttpClient.Builder> clients = new AtomicReference<>();
			// The builder does not expose its client, but all of its settings
			builder.withHttpClientCustomizer((clientBuilder) -> clients.set(forStream(clientBuilder))).build(settings);
			return Objects.requireNonNull(clients.get());
		}

		static ClientHttpConnector connector(HttpClientSettings settings) {
			JdkHttpClientBuilder builder = new JdkHttpClientBuilder().withCustomizer(Jdk::forStream);
			return new JdkStreamConnector(() -> builder.build(settings),
					(executor) -> builder.withExecutor(executor).build(settings));
		}

		private static HttpClient.Builder forStream(HttpClient.Builder builder) {
			return builder.followRedirects(HttpClient.Redirect.NEVER).version(HttpClient.Version.HTTP_1_1);
		}

	}

	private static final class Reactor {

		static ClientHttpConnectorBuilder<?> forStream(ReactorClientHttpConnectorBuilder builder) {
			// A connection that was idle in a pool may have been dropped by the network,
			// and
			// a customizer of the application may have set the timeout
			return builder
				.withHttpClientFactory(
						() -> reactor.netty.http.client.HttpClient.create(ConnectionProvider.newConnection())
							.resolver(new JvmResolver()))
				.withHttpClientCustomizer((client) -> client.compress(false)
					.followRedirect(false)
					.disableRetry(true)
					.responseTimeout(null)
					.doOnRequest((request, connection) -> WebClientStreamConnector
						.closeWithStream(request.currentContextView(), () -> close(connection)))
					.doOnChannelInit((observer, channel, address) -> {
						if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
							channel.pipeline()
								.addAfter(NettyPipeline.HttpCodec, "requence.informational",
										new InformationalResponses());
						}
					}));
		}

		@SuppressWarnings("FutureReturnValueIgnored")
		private static void close(Connection connection) {
			connection.channel().close();
		}

		/**
		 * Resolves names as all other clients do, and as hosts of references are checked:
		 * by the JVM and from its cache. Netty's own resolver may get other addresses.
		 */
		private static final class JvmResolver extends AddressResolverGroup<InetSocketAddress> {

			@Override
			protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
				return new InetNameResolver(executor) {

					@Override
					protected void doResolve(String host, Promise<InetAddress> promise) {
						lookUp(promise, () -> InetAddress.getByName(host));
					}

					@Override
					protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
						lookUp(promise, () -> List.of(InetAddress.getAllByName(host)));
					}

				}.asAddressResolver();
			}

			private static <T> void lookUp(Promise<T> promise, Callable<T> lookup) {
				// It may take as long as the name server does
				Schedulers.boundedElastic().schedule(() -> {
					try {
						promise.trySuccess(lookup.call());
					}
					catch (Throwable ex) {
						promise.tryFailure(ex);
					}
				});
			}

		}

		/**
		 * Drops informational responses such as 103, which Reactor Netty takes for the
		 * final one. It handles 100 and 101 itself.
		 */
		private static final class InformationalResponses extends ChannelInboundHandlerAdapter {

			private boolean dropping;

			private boolean dropped;

			@Override
			public void channelRead(ChannelHandlerContext context, Object message) {
				if (message instanceof HttpResponse response) {
					this.dropping = response.status().codeClass() == HttpStatusClass.INFORMATIONAL
							&& response.status().code() > HttpResponseStatus.SWITCHING_PROTOCOLS.code();
				}
				if (this.dropping) {
					this.dropped = true;
					ReferenceCountUtil.release(message);
				}
				else {
					context.fireChannelRead(message);
				}
			}

			@Override
			public void channelReadComplete(ChannelHandlerContext context) {
				context.fireChannelReadComplete();
				if (this.dropped) {
					this.dropped = false;
					// The response that was waited for is still to come
					context.read();
				}
			}

		}

	}

	private static final class Jetty {

		static ClientHttpConnectorBuilder<?> forStream(JettyClientHttpConnectorBuilder builder,
				List<DisposableBean> resources) {
			return builder.withHttpClientCustomizer((client) -> {
				// The connector starts it, but never stops it
				resources.add(client::stop);
				client.setFollowRedirects(false);
				client.getHttpClientTransport().setConnectionPoolFactory((destination) -> {
					DuplexConnectionPool pool = new DuplexConnectionPool(destination,
							client.getMaxConnectionsPerDestination());
					// A connection that was idle may have been dropped by the network
					pool.setMaxUsage(1);
					return pool;
				});
				client.setIdleTimeout(0);
				// They are there once it was started
				client.addEventListener(new LifeCycle.Listener() {

					@Override
					public void lifeCycleStarted(LifeCycle event) {
						client.getContentDecoderFactories().clear();
					}

				});
			});
		}

	}

}
