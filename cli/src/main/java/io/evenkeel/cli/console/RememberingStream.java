package io.evenkeel.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Remembers why it could not be written, which a {@link java.io.PrintStream} forgets. */
final class RememberingStream extends OutputStream {
  private final OutputStream delegate;
  private volatile @Nullable IOException failure;

  RememberingStream(OutputStream delegate) {
    this.delegate = delegate;
  }

  /** Why the last write failed that did; null if none has. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      delegate.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      delegate.flush();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
