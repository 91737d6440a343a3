package io.evenkeel.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorDetailsProto;
import com.linecorp.armeria.common.grpc.GrpcJsonMarshaller;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Messages as JSON and back, by the proto3 JSON mapping, with the field names of the proto file.
 * Works on descriptors alone, where Armeria's default marshaller wants generated classes.
 *
 * <p>Immutable.
 */
final class MessageJson implements GrpcJsonMarshaller {
  private final JsonFormat.Printer printer;
  private final JsonFormat.Parser parser;

  private MessageJson(TypeRegistry types) {
    this.printer =
        JsonFormat.printer()
            .preservingProtoFieldNames()
            .omittingInsignificantWhitespace()
            .usingTypeRegistry(types);
    this.parser = JsonFormat.parser().usingTypeRegistry(types);
  }

  /** Knows, for {@code google.protobuf.Any}, the types of these services and Google's errors. */
  static MessageJson forServices(List<ForwardedService> services) {
    Map<String, FileDescriptor> files = new HashMap<>();
    collect(ErrorDetailsProto.getDescriptor(), files);
    services.forEach(service -> collect(service.descriptor().getFile(), files));
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    files.values().forEach(file -> types.add(file.getMessageTypes()));
    return new MessageJson(types.build());
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> files) {
    if (files.putIfAbsent(file.getName(), file) == null) {
      file.getDependencies().forEach(dependency -> collect(dependency, files));
    }
  }

  @Override
  public <T> void serializeMessage(Marshaller<T> marshaller, T message, OutputStream out)
      throws IOException {
    out.write(printer.print((MessageOrBuilder) message).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a message.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, with the path of the field, if it is
   *     not one
   */
  @Override
  public <T> T deserializeMessage(Marshaller<T> marshaller, InputStream in) throws IOException {
    Message prototype = (Message) ((PrototypeMarshaller<T>) marshaller).getMessagePrototype();
    Objects.requireNonNull(prototype, "prototype");
    String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    Message.Builder message = prototype.newBuilderForType();
    try {
      parser.merge(json, message);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription(explain(json, prototype.getDescriptorForType(), e))
          .asRuntimeException();
    }
    @SuppressWarnings("unchecked") // The builder came from the marshaller's own prototype.
    T built = (T) message.build();
    return built;
  }

  /** A detail of an error as JSON; empty when its type is unknown here. */
  String detail(Any detail) {
    try {
      return printer.print(detail);
    } catch (InvalidProtocolBufferException e) {
      return "";
    }
  }

  private String explain(String json, Descriptor type, InvalidProtocolBufferException failure) {
    return Text.shortened(
        new BadField(parser).find(json, type).orElseGet(() -> BadField.reason(failure)));
  }
}
