package io.evenkeel.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DynamicMessage;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.demo.echo.EchoProto;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaFilesTest {
  private static final MethodName GET = MethodName.parse("shop.Orders/Get");
  private static final String SCHEMA =
      """
      syntax = "proto3";
      package shop;
      import "google/api/annotations.proto";
      import "google/protobuf/timestamp.proto";
      import "shop/item.proto";
      service Orders {
        rpc Get(Query) returns (stream Answer) {
          option (google.api.http) = { get: "/orders/{id}" additional_bindings { get: "/o/{id}" } };
        }
      }
      message Query {
        string id = 1;
        map<string, Item> items = 2;
        optional int32 limit = 3;
        oneof which { string name = 4; int64 number = 5; }
        google.protobuf.Timestamp since = 6;
        repeated Kind kinds = 7;
        enum Kind { ANY = 0; NEW = 1; }
      }
      message Answer { string served_by = 1; }
      """;

  @TempDir private Path directory;

  @Test
  void find_protoWithImports_understandsEveryKindOfField() throws IOException {
    DynamicMethod method = read(SCHEMA).find(GET);
    String json =
        "{\"id\":\"a\",\"items\":{\"x\":{\"text\":\"t\"}},\"limit\":0,\"number\":\"5\","
            + "\"since\":\"2026-01-02T03:04:05Z\",\"kinds\":[\"NEW\"]}";

    DynamicMessage request = method.request(json);

    assertThat(method.grpc().getType()).isEqualTo(MethodType.SERVER_STREAMING);
    assertThat(
            method.json(
                DynamicMessage.parseFrom(request.getDescriptorForType(), request.toByteString())))
        .isEqualTo(json);
  }

  @Test
  void find_descriptorSet_findsTheMethod() throws IOException {
    Path file = directory.resolve("echo.pb");
    FileDescriptorSet set =
        FileDescriptorSet.newBuilder().addFile(EchoProto.getDescriptor().toProto()).build();
    Files.write(file, set.toByteArray());

    DynamicMethod method =
        SchemaFiles.read(file, List.of()).find(MethodName.parse("echo.EchoService/Echo"));

    assertThat(method.grpc().getType()).isEqualTo(MethodType.UNARY);
  }

  @Test
  void find_unknownMethod_namesThoseThatExist() throws IOException {
    SchemaFiles files = read(SCHEMA);

    assertThatThrownBy(() -> files.find(MethodName.parse("shop.Orders/Got")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("it has: Get");
  }

  @Test
  void read_syntaxError_saysWhere() {
    assertThatThrownBy(() -> read("syntax = \"proto3\";\nmesage X {}\n"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("orders.proto:2:1");
  }

  @Test
  void read_missingImport_namesIt() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    syntax = "proto3";
                    import "nowhere/at_all.proto";
                    message X { nowhere.Y y = 1; }
                    """))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nowhere/at_all.proto");
  }

  @Test
  void read_neitherProtoNorDescriptorSet_saysSo() throws IOException {
    Path file = directory.resolve("picture.png");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff});

    assertThatThrownBy(() -> SchemaFiles.read(file, List.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("picture.png");
  }

  private SchemaFiles read(String schema) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("shop"));
    Files.writeString(
        folder.resolve("item.proto"),
        "syntax = \"proto3\";\npackage shop;\nmessage Item { string text = 1; }\n");
    Path file = folder.resolve("orders.proto");
    Files.writeString(file, schema);
    return SchemaFiles.read(file, List.of(directory));
  }
}
