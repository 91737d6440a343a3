package io.evenkeel.discovery.kubernetes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Collects bytes up to a bound: what has no end must not cost the process its memory. */
final class BoundedAnswer {
  /** 10,000 slices of 100 endpoints; etcd itself takes no object above 2 MiB. */
  static final int MAX_BYTES = 64 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /**
   * Adds all of {@code more}.
   *
   * @throws IOException if that is too much
   */
  void add(ByteBuffer more) throws IOException {
    if (bytes.size() + more.remaining() > MAX_BYTES) {
      throw new IOException("the answer is larger than " + MAX_BYTES + " bytes");
    }
    byte[] chunk = new byte[more.remaining()];
    more.get(chunk);
    bytes.write(chunk, 0, chunk.length);
  }

  /** What was added since the last call, as UTF-8. */
  String take() {
    String taken = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return taken;
  }
}
