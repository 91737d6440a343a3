package io.evenkeel.gateway;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorDetailsProto;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages as JSON and back, by the proto3 JSON mapping, with the field names of the proto file.
 *
 * <p>Immutable.
 */
final class MessageJson {
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

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException if it is none; the message begins with the path of the field
   */
  DynamicMessage parse(String json, Descriptor type) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    try {
      parser.merge(json, message);
      return message.build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          new BadField(parser).find(json, type).orElseGet(() -> BadField.reason(e)), e);
    }
  }

  /**
   * Writes a message, or one field of it.
   *
   * @param field empty for the whole message; an unset one is written as its default, a message as
   *     {@code null}
   * @throws io.grpc.StatusRuntimeException INTERNAL if it holds an Any of an unknown type
   */
  String print(DynamicMessage message, String field) {
    try {
      return field.isEmpty() ? printer.print(message) : printField(message, field);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL
          .withDescription("the answer has no JSON form: " + BadField.reason(e))
          .asRuntimeException();
    }
  }

  private String printField(DynamicMessage message, String field)
      throws InvalidProtocolBufferException {
    FieldDescriptor descriptor = message.getDescriptorForType().findFieldByName(field);
    String whole = printer.includingDefaultValueFields(Set.of(descriptor)).print(message);
    JsonElement part = JsonParser.parseString(whole).getAsJsonObject().get(field);
    return part == null ? "null" : part.toString();
  }

  /** A detail of an error as JSON; empty when its type is unknown here. */
  String detail(Any detail) {
    try {
      return printer.print(detail);
    } catch (InvalidProtocolBufferException e) {
      return "";
    }
  }
}
