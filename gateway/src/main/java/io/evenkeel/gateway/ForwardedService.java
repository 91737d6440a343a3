package io.evenkeel.gateway;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import java.util.Comparator;
import java.util.List;

/**
 * A service that the gateway offers but does not have: its descriptor says which methods there are,
 * its channel answers them. Needs no generated code.
 */
record ForwardedService(ServiceDescriptor descriptor, Channel channel) {
  private static final System.Logger LOGGER = System.getLogger(ForwardedService.class.getName());

  /** Such as {@code order.OrderService}. */
  String name() {
    return descriptor.getFullName();
  }

  /** The service as a gRPC server sees it, each method forwarding to {@code upstream}. */
  ServerServiceDefinition definition(Upstream upstream) {
    io.grpc.ServiceDescriptor.Builder service =
        io.grpc.ServiceDescriptor.newBuilder(name())
            .setSchemaDescriptor(new ServiceSchema(descriptor));
    var methods = descriptor.getMethods().stream().map(ForwardedService::grpcMethod).toList();
    methods.forEach(service::addMethod);
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service.build());
    methods.forEach(method -> definition.addMethod(method, forwarder(method, upstream)));
    return definition.build();
  }

  /**
   * The ways to reach its unary methods over HTTP, those with a verb first: {@code /orders/1:pay}
   * would match {@code /orders/{id}} too.
   *
   * @throws IllegalArgumentException if an annotation cannot be understood
   */
  List<HttpBinding> bindings() {
    return descriptor.getMethods().stream()
        .filter(ForwardedService::hasJsonRoutes)
        .flatMap(method -> HttpBinding.of(method).stream())
        .sorted(Comparator.comparing(binding -> !binding.template().hasVerb()))
        .toList();
  }

  private static boolean hasJsonRoutes(Descriptors.MethodDescriptor method) {
    boolean isUnary = type(method) == MethodType.UNARY;
    if (!isUnary && method.getOptions().hasExtension(AnnotationsProto.http)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0}: its google.api.http is ignored, since it streams; gRPC and gRPC-Web reach it",
          method.getFullName());
    }
    return isUnary;
  }

  private static ServerCallHandler<DynamicMessage, DynamicMessage> forwarder(
      MethodDescriptor<DynamicMessage, DynamicMessage> method, Upstream upstream) {
    return method.getType() == MethodType.UNARY
        ? new UnaryForwarder<>(method, upstream)
        : new StreamForwarder<>(method, upstream);
  }

  /** A method without generated classes. */
  static MethodDescriptor<DynamicMessage, DynamicMessage> grpcMethod(
      Descriptors.MethodDescriptor method) {
    String name =
        MethodDescriptor.generateFullMethodName(
            method.getService().getFullName(), method.getName());
    return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type(method))
        .setFullMethodName(name)
        .setRequestMarshaller(marshaller(method.getInputType()))
        .setResponseMarshaller(marshaller(method.getOutputType()))
        .setSchemaDescriptor(new MethodSchema(method))
        .build();
  }

  private static MethodDescriptor.Marshaller<DynamicMessage> marshaller(
      Descriptors.Descriptor message) {
    return ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(message));
  }

  private static MethodType type(Descriptors.MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }

  private record ServiceSchema(ServiceDescriptor service)
      implements ProtoServiceDescriptorSupplier {
    @Override
    public ServiceDescriptor getServiceDescriptor() {
      return service;
    }

    @Override
    public FileDescriptor getFileDescriptor() {
      return service.getFile();
    }
  }

  private record MethodSchema(Descriptors.MethodDescriptor method)
      implements ProtoMethodDescriptorSupplier {
    @Override
    public Descriptors.MethodDescriptor getMethodDescriptor() {
      return method;
    }

    @Override
    public ServiceDescriptor getServiceDescriptor() {
      return method.getService();
    }

    @Override
    public FileDescriptor getFileDescriptor() {
      return method.getFile();
    }
  }
}
