package io.evenkeel.cli.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.StatusText;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Methods that a server describes itself, over gRPC server reflection: v1, or v1alpha where the
 * server is older. Not thread-safe.
 */
public final class Reflection implements MethodSource {
  /** No schema has more files than this; a server that sends more is broken. */
  private static final int MOST_FILES = 10_000;

  private final Channel channel;
  private final String target;
  private final long timeoutNanos;

  /**
   * Asks over {@code channel}, which leads to {@code target}; the whole conversation takes at most
   * {@code timeout}.
   */
  public Reflection(Channel channel, String target, Duration timeout) {
    this.channel = channel;
    this.target = target;
    this.timeoutNanos = timeout.toNanos();
  }

  @Override
  public DynamicMethod find(MethodName method) {
    try {
      return find(method, ReflectionProtocol.V1);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw CommandException.status(describe(e.getStatus()), e.getStatus());
      }
    }
    try {
      return find(method, ReflectionProtocol.V1_ALPHA);
    } catch (StatusRuntimeException e) {
      boolean absent = e.getStatus().getCode() == Status.Code.UNIMPLEMENTED;
      throw CommandException.status(
          absent
              ? "target \"%s\" offers no server reflection: describe the method with --proto FILE"
                  .formatted(target)
              : describe(e.getStatus()),
          e.getStatus());
    }
  }

  private String describe(Status status) {
    return "asking target \"%s\" for its methods: %s".formatted(target, StatusText.of(status));
  }

  private DynamicMethod find(MethodName method, ReflectionProtocol protocol) {
    try (ReflectionCall call = new ReflectionCall(channel, protocol, timeoutNanos)) {
      Collection<ByteString> answer = call.fileContaining(method.service());
      if (answer.isEmpty()) {
        throw DynamicMethod.noService(call.services(), method, "target \"" + target + "\"");
      }
      Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
      add(answer, files);
      addImports(call, files);
      return DynamicMethod.among(
          new FileLinker(files.values()).services(), method, "target \"" + target + "\"");
    }
  }

  private static void addImports(ReflectionCall call, Map<String, FileDescriptorProto> files) {
    Set<String> asked = new HashSet<>();
    Deque<FileDescriptorProto> open = new ArrayDeque<>(files.values());
    while (!open.isEmpty()) {
      for (String name : open.remove().getDependencyList()) {
        if (!files.containsKey(name) && asked.add(name)) {
          open.addAll(add(call.fileNamed(name), files));
        }
      }
    }
  }

  private static Collection<FileDescriptorProto> add(
      Collection<ByteString> answer, Map<String, FileDescriptorProto> files) {
    Deque<FileDescriptorProto> added = new ArrayDeque<>();
    for (ByteString encoded : answer) {
      FileDescriptorProto file = parse(encoded);
      if (files.putIfAbsent(file.getName(), file) == null) {
        added.add(file);
      }
    }
    if (files.size() > MOST_FILES) {
      throw CommandException.failed("the server describes more than " + MOST_FILES + " files");
    }
    return added;
  }

  private static FileDescriptorProto parse(ByteString encoded) {
    try {
      return FileDescriptorProto.parseFrom(encoded);
    } catch (InvalidProtocolBufferException e) {
      throw CommandException.failed("the server describes a file in a form nobody understands", e);
    }
  }
}
