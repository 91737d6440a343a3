package io.evenkeel.cli.schema;

import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;

/** The two names of one protocol: v1 and v1alpha have the same messages on the wire. */
enum ReflectionProtocol {
  V1("grpc.reflection.v1.ServerReflection"),
  V1_ALPHA("grpc.reflection.v1alpha.ServerReflection");

  private final String service;

  ReflectionProtocol(String service) {
    this.service = service;
  }

  MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method() {
    return MethodDescriptor.<ServerReflectionRequest, ServerReflectionResponse>newBuilder()
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "ServerReflectionInfo"))
        .setRequestMarshaller(ProtoUtils.marshaller(ServerReflectionRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(ServerReflectionResponse.getDefaultInstance()))
        .build();
  }
}
