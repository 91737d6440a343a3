package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.GracefulShutdown;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Puts Armeria's server together: which services, behind what, within which limits. */
final class HttpServer {
  /** How long no request must be in flight before the server counts as idle and is closed. */
  private static final Duration QUIET_PERIOD = Duration.ofMillis(50);

  /** Calls that one HTTP/2 connection may have open; its client waits with further ones. */
  private static final int MAX_STREAMS = 1_000;

  private static final Set<HttpMethod> PROBING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final String ALIVE = "{\"status\":\"alive\"}";

  private final GatewaySettings settings;
  private final List<ForwardedService> services;
  private final Drain drain;
  private final EventLoops eventLoops;

  HttpServer(
      GatewaySettings settings,
      List<ForwardedService> services,
      Drain drain,
      EventLoops eventLoops) {
    this.settings = settings;
    this.services = services;
    this.drain = drain;
    this.eventLoops = eventLoops;
  }

  /**
   * Builds the server.
   *
   * @throws IllegalArgumentException if a route cannot be understood
   */
  Server build() {
    ServerBuilder server =
        Server.builder()
            .port(port())
            .workerGroup(eventLoops, true)
            .bossGroupFactory(name -> eventLoops)
            .disableServerHeader()
            // Armeria would report refused requests as faults of ours; the access log has them.
            .unloggedExceptionsReportIntervalMillis(0)
            .errorHandler(new ErrorResponses())
            .decorator(new Edge(drain));
    addProbes(server);
    limit(server);
    addServices(server);
    Consumer<AccessLogEntry> accessLog = settings.accessLog();
    if (accessLog != null) {
      server.accessLogWriter(log -> accessLog.accept(AccessLogEntry.of(log)), true);
    }
    return server.build();
  }

  private void addProbes(ServerBuilder server) {
    HttpService alive = (ctx, req) -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, ALIVE);
    server.route().path("/livez").methods(PROBING).build(alive);
    server.route().path("/readyz").methods(PROBING).build(new Readiness(services, drain));
  }

  private void limit(ServerBuilder server) {
    GatewaySettings.Limits limits = settings.limits();
    server
        .maxRequestLength(limits.maxBodyBytes())
        .requestTimeout(limits.requestTimeout())
        .idleTimeout(limits.idleTimeout())
        .maxNumConnections(limits.connections())
        .maxConnectionAge(limits.connectionAge())
        .http2MaxStreamsPerConnection(MAX_STREAMS)
        .childChannelPipelineCustomizer(
            pipeline -> pipeline.addFirst(new HeaderTimeout(limits.requestTimeout().toNanos())))
        .gracefulShutdown(
            GracefulShutdown.builder()
                .quietPeriod(QUIET_PERIOD)
                .timeout(settings.drain().timeout())
                .build());
  }

  private void addServices(ServerBuilder server) {
    HeaderRules headerRules = new HeaderRules(settings.forwardedHeaders());
    JsonAnswers answers = new JsonAnswers(MessageJson.forServices(services), headerRules);
    GrpcServiceBuilder grpc =
        GrpcService.builder()
            .supportedSerializationFormats(GrpcRequests.FORMATS)
            .useClientTimeoutHeader(false) // Upstream's deadline bounds the call.
            .exceptionHandler(ErrorResponses::statusOf);
    for (ForwardedService service : services) {
      Upstream upstream = new Upstream(service.channel(), settings.deadlines(), headerRules);
      grpc.addService(service.definition(upstream));
      for (HttpBinding binding : service.bindings()) {
        server.service(binding.route(), new JsonRoute(binding, upstream, answers));
      }
    }
    server.service(grpc.build(), delegate -> delegate.decorate(new GrpcRequests()));
  }

  private ServerPort port() {
    String host = settings.address().host();
    int port = settings.address().port();
    InetSocketAddress address =
        host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    return new ServerPort(address, SessionProtocol.HTTP);
  }
}
