package io.evenkeel.cli.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.evenkeel.cli.console.CommandException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the descriptions of some files into linked descriptors. Not thread-safe. */
final class FileLinker {
  private final Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> linked = new LinkedHashMap<>();
  private final Set<String> linking = new HashSet<>();

  FileLinker(Collection<FileDescriptorProto> files) {
    files.forEach(file -> this.files.put(file.getName(), file));
  }

  /** The services of all files, linked. */
  List<ServiceDescriptor> services() {
    List<ServiceDescriptor> services = new ArrayList<>();
    files.keySet().forEach(name -> services.addAll(link(name).getServices()));
    return services;
  }

  private FileDescriptor link(String name) {
    FileDescriptor known = linked.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = files.get(name);
    if (file == null || !linking.add(name)) {
      throw CommandException.failed(
          "schema file \"" + name + "\" is " + (file == null ? "missing" : "imported by itself"));
    }
    FileDescriptor[] imports =
        file.getDependencyList().stream().map(this::link).toArray(FileDescriptor[]::new);
    try {
      FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
      linked.put(name, descriptor);
      return descriptor;
    } catch (DescriptorValidationException e) {
      throw CommandException.failed("schema file \"" + name + "\": " + e.getMessage(), e);
    }
  }
}
