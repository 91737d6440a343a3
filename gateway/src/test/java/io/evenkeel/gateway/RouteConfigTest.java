package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes of whoever sets a gateway up: refused when it is built, with what is wrong. */
class RouteConfigTest {
  @TempDir private Path directory;
  private ManagedChannel channel;

  @BeforeEach
  void open() {
    channel = GatewayFixture.channelTo(1);
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
  }

  @Test
  void build_pathOfAnUnknownField_isRefused() throws Exception {
    ServiceDescriptor service = service(HttpRule.newBuilder().setGet("/x/{idd}"));

    assertThatThrownBy(() -> Gateway.builder().route(service, channel).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("google.api.http of t.S.M: idd: no such field in t.Q");
  }

  @Test
  void build_bodyOfAnUnknownField_isRefused() throws Exception {
    ServiceDescriptor service = service(HttpRule.newBuilder().setPost("/x").setBody("b"));

    assertThatThrownBy(() -> Gateway.builder().route(service, channel).build())
        .hasMessage("google.api.http of t.S.M: b: no such field in t.Q");
  }

  @Test
  void build_responseBodyOfAnUnknownField_isRefused() throws Exception {
    ServiceDescriptor service = service(HttpRule.newBuilder().setGet("/x").setResponseBody("r"));

    assertThatThrownBy(() -> Gateway.builder().route(service, channel).build())
        .hasMessage("google.api.http of t.S.M: r: no such field in t.Q");
  }

  @Test
  void build_ruleWithoutPath_isRefused() throws Exception {
    ServiceDescriptor service = service(HttpRule.newBuilder().setBody("*"));

    assertThatThrownBy(() -> Gateway.builder().route(service, channel).build())
        .hasMessageStartingWith("google.api.http of t.S.M: no path");
  }

  @Test
  void route_sameServiceTwice_isRefused() {
    GatewayBuilder builder = Gateway.builder().route(LibraryUpstream.SERVICE, channel);

    assertThatThrownBy(() -> builder.route(LibraryUpstream.SERVICE, channel))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service: library.Library has two upstreams (expected: one)");
  }

  @Test
  void setters_outOfRange_areRefusedWithTheValue() {
    GatewayBuilder builder = Gateway.builder();

    assertThatThrownBy(() -> builder.port(70_000)).hasMessageContaining("port: 70000");
    assertThatThrownBy(() -> builder.upstreamDeadline(Duration.ZERO))
        .hasMessageContaining("upstreamDeadline: PT0S (expected: longer than zero)");
    assertThatThrownBy(() -> builder.maxBodyBytes(0)).hasMessageContaining("maxBodyBytes: 0");
  }

  @Test
  void descriptorSet_withoutImports_namesTheMissingFile() throws Exception {
    Path file = directory.resolve("set.protobin");
    FileDescriptorProto proto =
        FileDescriptorProto.newBuilder().setName("a.proto").addDependency("b.proto").build();
    Files.write(
        file,
        com.google.protobuf.DescriptorProtos.FileDescriptorSet.newBuilder()
            .addFile(proto)
            .build()
            .toByteArray());

    assertThatThrownBy(() -> DescriptorSets.services(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("lacks b.proto (write it with protoc --include_imports)");
  }

  @Test
  void descriptorSet_keepsTheAnnotations() {
    assertThat(HttpBinding.of(LibraryUpstream.SERVICE.findMethodByName("GetBook"))).hasSize(4);
  }

  private static ServiceDescriptor service(HttpRule.Builder rule) throws Exception {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("t.proto");
    file.setPackage("t").addMessageTypeBuilder().setName("Q");
    file.addServiceBuilder()
        .setName("S")
        .addMethodBuilder()
        .setName("M")
        .setInputType(".t.Q")
        .setOutputType(".t.Q")
        .setOptions(MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule.build()));
    return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]).findServiceByName("S");
  }
}
