package io.evenkeel.cli.schema;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.Extend;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.PruningRules;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.SchemaException;
import com.squareup.wire.schema.SchemaLoader;
import com.squareup.wire.schema.internal.SchemaEncoder;
import io.evenkeel.cli.console.CommandException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Methods described by a file: a {@code .proto}, or a descriptor set as {@code protoc
 * --descriptor_set_out --include_imports} writes it. Thread-safe.
 *
 * <p>A {@code .proto} finds what it imports next to itself, below the import path given, and in
 * what every installation has: {@code google/protobuf}, {@code google/api}, {@code google/rpc}.
 */
public final class SchemaFiles implements MethodSource {
  private final Path file;
  private final List<ServiceDescriptor> services;

  private SchemaFiles(Path file, List<FileDescriptorProto> files) {
    this.file = file;
    this.services = new FileLinker(files).services();
  }

  /** Reads {@code file}; {@code importPaths} are the folders that its imports start from. */
  public static SchemaFiles read(Path file, List<Path> importPaths) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw CommandException.usage("schema file \"" + file + "\" cannot be read");
    }
    try {
      boolean source = file.toString().endsWith(".proto");
      return new SchemaFiles(file, source ? compile(file, importPaths) : load(file));
    } catch (IOException e) {
      throw CommandException.failed("schema file \"" + file + "\": " + e.getMessage(), e);
    }
  }

  @Override
  public DynamicMethod find(MethodName method) {
    return DynamicMethod.among(services, method, "\"" + file + "\"");
  }

  private static List<FileDescriptorProto> load(Path file) throws IOException {
    try {
      return FileDescriptorSet.parseFrom(Files.readAllBytes(file)).getFileList();
    } catch (InvalidProtocolBufferException e) {
      throw CommandException.usage(
          "schema file \"" + file + "\" is neither a .proto nor a descriptor set");
    }
  }

  private static List<FileDescriptorProto> compile(Path file, List<Path> importPaths)
      throws IOException {
    Schema schema = withoutCustomOptions(parse(file, importPaths));
    SchemaEncoder encoder = new SchemaEncoder(schema);
    List<FileDescriptorProto> files = new ArrayList<>();
    for (ProtoFile parsed : schema.getProtoFiles()) {
      files.add(FileDescriptorProto.parseFrom(encoder.encode(parsed).toByteArray()));
    }
    return files;
  }

  private static Schema parse(Path file, List<Path> importPaths) {
    Path absolute = file.toAbsolutePath().normalize();
    List<Path> folders =
        importPaths.stream().map(path -> path.toAbsolutePath().normalize()).distinct().toList();
    Path root =
        folders.stream()
            .filter(absolute::startsWith)
            .findFirst()
            .orElseGet(() -> absolute.resolveSibling(""));
    SchemaLoader loader = new SchemaLoader(FileSystems.getDefault());
    // Otherwise imported messages come without their fields.
    loader.setLoadExhaustively(true);
    String name = root.relativize(absolute).toString().replace('\\', '/');
    try {
      loader.initRoots(
          List.of(Location.get(root.toString(), name)), importLocations(root, folders));
      return loader.loadSchema();
    } catch (SchemaException | IllegalStateException | IllegalArgumentException e) {
      // Wire reports what is wrong with a schema by these three.
      throw CommandException.usage("schema file \"" + file + "\": " + e.getMessage());
    }
  }

  private static List<Location> importLocations(Path root, List<Path> folders) {
    Set<Path> places = new LinkedHashSet<>(folders);
    places.add(root);
    // Wire refuses a file that it finds twice, and a user may keep copies of the common ones.
    boolean ownCopies =
        places.stream().anyMatch(place -> Files.exists(place.resolve("google/api/http.proto")));
    if (!ownCopies) {
      places.add(commonProtos());
    }
    return places.stream().map(place -> Location.get(place.toString())).toList();
  }

  /** No call needs them, and Wire cannot encode those whose message has a oneof. */
  private static Schema withoutCustomOptions(Schema schema) {
    PruningRules.Builder rules = new PruningRules.Builder();
    for (ProtoFile file : schema.getProtoFiles()) {
      for (Extend extend : file.getExtendList()) {
        for (Field field : extend.getFields()) {
          rules.prune(extend.getType() + "#" + field.getQualifiedName());
        }
      }
    }
    return schema.prune(rules.build());
  }

  /** The jar that holds {@code google/api/annotations.proto} and its kin. */
  private static Path commonProtos() {
    try {
      return Path.of(
          AnnotationsProto.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path holds what is no URI", e);
    }
  }
}
