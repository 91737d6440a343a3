package io.evenkeel.cli.serve;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.evenkeel.demo.echo.EchoProto;
import io.evenkeel.demo.greeter.GreeterProto;
import io.evenkeel.demo.hello.HelloProto;
import io.evenkeel.demo.order.OrderProto;
import java.util.List;
import java.util.stream.Stream;

/** What the demo services look like. */
final class DemoSchemas {

  private DemoSchemas() {}

  static List<ServiceDescriptor> all() {
    return Stream.of(
            EchoProto.getDescriptor(),
            GreeterProto.getDescriptor(),
            HelloProto.getDescriptor(),
            OrderProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .toList();
  }
}
