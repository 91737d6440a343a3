package io.evenkeel.gateway;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@code protoc --include_imports --descriptor_set_out=FILE} wrote, for a gateway that
 * has no generated code.
 */
public final class DescriptorSets {

  private DescriptorSets() {}

  /**
   * All services of a descriptor set, in its order.
   *
   * @throws IOException if the file cannot be read or is no descriptor set
   * @throws IllegalArgumentException if a file that it imports is missing
   */
  public static List<ServiceDescriptor> services(Path file) throws IOException {
    ExtensionRegistry annotations = ExtensionRegistry.newInstance();
    AnnotationsProto.registerAllExtensions(annotations);
    try (InputStream in = Files.newInputStream(file)) {
      return services(FileDescriptorSet.parseFrom(in, annotations), file);
    }
  }

  private static List<ServiceDescriptor> services(FileDescriptorSet set, Path source) {
    Map<String, FileDescriptorProto> protos = new LinkedHashMap<>();
    set.getFileList().forEach(proto -> protos.put(proto.getName(), proto));
    Map<String, FileDescriptor> built = new HashMap<>();
    List<ServiceDescriptor> services = new ArrayList<>();
    for (String name : List.copyOf(protos.keySet())) {
      services.addAll(build(name, protos, built, source).getServices());
    }
    return List.copyOf(services);
  }

  private static FileDescriptor build(
      String name,
      Map<String, FileDescriptorProto> protos,
      Map<String, FileDescriptor> built,
      Path source) {
    FileDescriptor known = built.get(name);
    if (known != null) {
      return known;
    }
    // Taken out, so that a file which imports itself is found missing instead of never ending.
    FileDescriptorProto proto = protos.remove(name);
    if (proto == null) {
      throw new IllegalArgumentException(
          source + ": lacks " + name + " (write it with protoc --include_imports)");
    }
    FileDescriptor[] imports =
        proto.getDependencyList().stream()
            .map(dependency -> build(dependency, protos, built, source))
            .toArray(FileDescriptor[]::new);
    try {
      FileDescriptor file = FileDescriptor.buildFrom(proto, imports);
      built.put(name, file);
      return file;
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(source + ": " + name + ": " + e.getMessage(), e);
    }
  }
}
