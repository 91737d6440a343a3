package io.evenkeel.policy.hash;

import io.grpc.InternalMetadata;
import io.grpc.InternalMetadata.TrustedAsciiMarshaller;
import io.grpc.Metadata;
import io.grpc.Metadata.BinaryMarshaller;

/**
 * Reads the bytes of a header's value as gRPC keeps them.
 *
 * <p>gRPC's public way to read a text header makes a new string of it at each pick. Its internal
 * one, which transports use, does not; hence the one use of {@link InternalMetadata}.
 */
final class HeaderKey {
  private static final AsIs AS_IS = new AsIs();

  private HeaderKey() {}

  /**
   * The key of header {@code name}.
   *
   * @throws IllegalArgumentException if no header can have that name
   */
  static Metadata.Key<byte[]> of(String name) {
    if (name.startsWith(":")) {
      throw new IllegalArgumentException(
          "a pseudo-header is no part of a call's metadata: " + name);
    }
    return name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
        ? Metadata.Key.of(name, (BinaryMarshaller<byte[]>) AS_IS)
        : InternalMetadata.keyOf(name, (TrustedAsciiMarshaller<byte[]>) AS_IS);
  }

  private static final class AsIs
      implements TrustedAsciiMarshaller<byte[]>, BinaryMarshaller<byte[]> {
    @Override
    public byte[] toAsciiString(byte[] value) {
      return value;
    }

    @Override
    public byte[] parseAsciiString(byte[] serialized) {
      return serialized;
    }

    @Override
    public byte[] toBytes(byte[] value) {
      return value;
    }

    @Override
    public byte[] parseBytes(byte[] serialized) {
      return serialized;
    }
  }
}
