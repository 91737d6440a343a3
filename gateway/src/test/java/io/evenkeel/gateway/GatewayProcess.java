package io.evenkeel.gateway;

import io.grpc.ManagedChannel;

/** A gateway in a process of its own, for tests that end it by a signal. */
final class GatewayProcess {

  private GatewayProcess() {}

  public static void main(String[] args) throws InterruptedException {
    ManagedChannel channel = GatewayFixture.channelTo(Integer.parseInt(args[0]));
    Gateway gateway =
        Gateway.builder()
            .host("127.0.0.1")
            .noAccessLog()
            .route(LibraryUpstream.SERVICE, channel)
            .build()
            .start()
            .stopOnSignal();
    System.out.println(gateway.port());
    Thread.currentThread().join();
  }
}
