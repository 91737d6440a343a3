package io.evenkeel.server;

import io.evenkeel.server.settings.ServerSetting;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The open gRPC port: the application's services behind the limits, and beside them health and
 * reflection.
 */
record GrpcPort(Server server, ServerHealth health, CallLimiter limiter, OpenCalls calls) {

  static GrpcPort open(EvenkeelServerBuilder plan) throws IOException {
    ServerHealth health = new ServerHealth();
    CallLimiter limiter = new CallLimiter(plan.settings().get(ServerSetting.MAX_CONCURRENT_CALLS));
    OpenCalls calls = new OpenCalls();
    ServerBuilder<?> transport = plan.transport();
    ServerHardening.apply(transport, plan.settings());
    plan.services().forEach(transport::addService);
    transport.addService(health.service());
    transport.addService(ProtoReflectionServiceV1.newInstance());
    transport.addService(olderReflection());
    interceptors(limiter, calls, plan.interceptors()).forEach(transport::intercept);
    Server server = transport.build().start();
    health.serving(namesOf(plan, server));
    return new GrpcPort(server, health, limiter, calls);
  }

  /** What tools from before 2023 ask for. */
  @SuppressWarnings("deprecation")
  private static BindableService olderReflection() {
    return ProtoReflectionService.newInstance();
  }

  /** Innermost first, as gRPC wants them: the limit must come before all others. */
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
