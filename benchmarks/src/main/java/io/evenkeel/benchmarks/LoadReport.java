package io.evenkeel.benchmarks;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes the load report that grpc-java's weighted_round_robin reads, without the generated classes
 * of grpc-xds.
 */
final class LoadReport {
  private static final Metadata.Key<byte[]> TRAILER =
      Metadata.Key.of("endpoint-load-metrics-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final int RPS_FRACTIONAL = 6;
  private static final int APPLICATION_UTILIZATION = 9;

  private LoadReport() {}

  /** Trailers that report {@code callsPerSecond} at half the endpoint's capacity. */
  static Metadata trailers(double callsPerSecond) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream report = CodedOutputStream.newInstance(bytes);
      report.writeDouble(RPS_FRACTIONAL, callsPerSecond);
      report.writeDouble(APPLICATION_UTILIZATION, 0.5);
      report.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Metadata trailers = new Metadata();
    trailers.put(TRAILER, bytes.toByteArray());
    return trailers;
  }
}
