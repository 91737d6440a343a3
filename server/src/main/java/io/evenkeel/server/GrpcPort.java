package io.evenkeel.server;

import io.evenkeel.server.load.LoadReporter;
import io.evenkeel.server.settings.ServerSetting;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The open gRPC port: the application's services behind the limits, and beside them health, load
 * reports and reflection.
 *
 * @param calls all open calls
 * @param watches those of them that last until one side ends them: of health and of load
 */
record GrpcPort(
    Server server,
    ServerHealth health,
    LoadReporter load,
    CallLimiter limiter,
    OpenCalls calls,
    OpenCalls watches) {

  static GrpcPort open(EvenkeelServerBuilder plan) throws IOException {
    LoadReporter load = loadReporter(plan);
    try {
      return open(plan, load);
    } catch (IOException | RuntimeException e) {
      load.close();
      throw e;
    }
  }

  private static GrpcPort open(EvenkeelServerBuilder plan, LoadReporter load) throws IOException {
    ServerHealth health = new ServerHealth();
    CallLimiter limiter = new CallLimiter(plan.settings().get(ServerSetting.MAX_CONCURRENT_CALLS));
    OpenCalls calls = new OpenCalls();
    OpenCalls watches = new OpenCalls();
    ServerBuilder<?> transport = plan.transport();
    ServerHardening.apply(transport, plan.settings());
    plan.services().forEach(transport::addService);
    transport.addService(ServerInterceptors.intercept(health.service(), watches));
    load.stream()
        .ifPresent(stream -> transport.addService(ServerInterceptors.intercept(stream, watches)));
    transport.addService(ProtoReflectionServiceV1.newInstance());
    transport.addService(olderReflection());
    interceptors(limiter, calls, plan.interceptors()).forEach(transport::intercept);
    load.trailers().ifPresent(transport::intercept);
    load.counter().ifPresent(transport::addStreamTracerFactory);
    Server server = transport.build().start();
    health.serving(namesOf(plan, server));
    return new GrpcPort(server, health, load, limiter, calls, watches);
  }

  private static LoadReporter loadReporter(EvenkeelServerBuilder plan) {
    return new LoadReporter(
        plan.settings().get(ServerSetting.LOAD_REPORTS),
        plan.utilization(),
        service -> !CallLimiter.isAboutTheServer(service));
  }

  /** Ends what would go on until a client ends it, and what clients still want to begin. */
  void endWatches() {
    watches.end(Status.UNAVAILABLE.withDescription("the server is stopping"));
  }

  /** Closes without waiting for anybody. Safe to call twice. */
  void closeNow() {
    server.shutdownNow();
    load.close();
  }

  /** What tools from before 2023 ask for. */
  @SuppressWarnings("deprecation")
  private static BindableService olderReflection() {
    return ProtoReflectionService.newInstance();
  }

  /** Innermost first, as gRPC wants them: the limit must come before all of them. */
  private static List<ServerInterceptor> interceptors(
      CallLimiter limiter, OpenCalls calls, List<ServerInterceptor> ofThePlan) {
    List<ServerInterceptor> innermostFirst = new ArrayList<>(ofThePlan);
    Collections.reverse(innermostFirst);
    innermostFirst.add(calls);
    innermostFirst.add(limiter);
    return innermostFirst;
  }

  /** A client may ask for the health of any gRPC service, or of the name it found the server by. */
  private static List<String> namesOf(EvenkeelServerBuilder plan, Server server) {
    List<String> names = new ArrayList<>();
    names.add(plan.serviceName());
    server.getServices().forEach(service -> names.add(service.getServiceDescriptor().getName()));
    return names;
  }
}
