package io.evenkeel.cli.schema;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.evenkeel.cli.console.CommandException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.util.Collection;
import java.util.List;

/**
 * One method whose messages are JSON on this side and protobuf on the wire. Thread-safe.
 *
 * <p>Field names are those of the {@code .proto} file in both directions; lowerCamelCase is
 * understood in requests as well.
 */
public final class DynamicMethod {
  private final com.google.protobuf.Descriptors.MethodDescriptor descriptor;
  private final MethodDescriptor<DynamicMessage, DynamicMessage> grpc;
  private final JsonFormat.Parser parser;
  private final JsonFormat.Printer printer;

  private DynamicMethod(com.google.protobuf.Descriptors.MethodDescriptor descriptor) {
    this.descriptor = descriptor;
    this.grpc =
        MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(typeOf(descriptor))
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(
                    descriptor.getService().getFullName(), descriptor.getName()))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(descriptor.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(
                    DynamicMessage.getDefaultInstance(descriptor.getOutputType())))
            .build();
    TypeRegistry types =
        TypeRegistry.newBuilder()
            .add(descriptor.getInputType())
            .add(descriptor.getOutputType())
            .build();
    this.parser = JsonFormat.parser().usingTypeRegistry(types);
    this.printer =
        JsonFormat.printer()
            .usingTypeRegistry(types)
            .preservingProtoFieldNames()
            .omittingInsignificantWhitespace();
  }

  /** Finds {@code method} among {@code services}, which {@code origin} has. */
  static DynamicMethod among(
      Collection<ServiceDescriptor> services, MethodName method, String origin) {
    for (ServiceDescriptor service : services) {
      if (service.getFullName().equals(method.service())) {
        return of(service, method, origin);
      }
    }
    throw noService(services.stream().map(ServiceDescriptor::getFullName).toList(), method, origin);
  }

  static CommandException noService(Collection<String> names, MethodName method, String origin) {
    return CommandException.failed(
        "%s has no service \"%s\" (it has: %s)"
            .formatted(origin, method.service(), String.join(", ", names)));
  }

  private static DynamicMethod of(ServiceDescriptor service, MethodName method, String origin) {
    var found = service.findMethodByName(method.method());
    if (found == null) {
      List<String> names = service.getMethods().stream().map(m -> m.getName()).toList();
      throw CommandException.failed(
          "service \"%s\" of %s has no method \"%s\" (it has: %s)"
              .formatted(method.service(), origin, method.method(), String.join(", ", names)));
    }
    return new DynamicMethod(found);
  }

  /** What to give to a channel. */
  public MethodDescriptor<DynamicMessage, DynamicMessage> grpc() {
    return grpc;
  }

  /** The request that {@code json} describes. */
  public DynamicMessage request(String json) {
    DynamicMessage.Builder request = DynamicMessage.newBuilder(descriptor.getInputType());
    try {
      parser.merge(json, request);
    } catch (InvalidProtocolBufferException e) {
      throw CommandException.usage(
          "data %s is no %s: %s"
              .formatted(json, descriptor.getInputType().getFullName(), e.getMessage()));
    }
    return request.build();
  }

  /** {@code answer} as one line of JSON. */
  public String json(DynamicMessage answer) {
    try {
      return printer.print(answer);
    } catch (InvalidProtocolBufferException e) {
      // An Any of a type nobody described: the text form says at least its type and bytes.
      return answer.toString().replace('\n', ' ');
    }
  }

  /** The value of the string field {@code name} of {@code answer}; empty if there is none. */
  public static String textOf(DynamicMessage answer, String name) {
    FieldDescriptor field = answer.getDescriptorForType().findFieldByName(name);
    boolean text = field != null && field.getType() == FieldDescriptor.Type.STRING;
    return text && !field.isRepeated() ? (String) answer.getField(field) : "";
  }

  private static MethodType typeOf(com.google.protobuf.Descriptors.MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }
}
