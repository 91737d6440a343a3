package io.evenkeel.load;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Load reports as servers write them. */
public final class Reports {
  private static final int CPU_UTILIZATION = 1;
  private static final int NAMED_METRICS = 8;
  private static final int RPS_FRACTIONAL = 6;
  private static final int EPS = 7;
  private static final int APPLICATION_UTILIZATION = 9;

  private Reports() {}

  /** A report with all that {@link LoadReport} reads, and a field that it does not. */
  public static byte[] report(double calls, double errors, double processors, double application) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream output = CodedOutputStream.newInstance(bytes);
      output.writeDouble(CPU_UTILIZATION, processors);
      output.writeByteArray(NAMED_METRICS, new byte[] {1, 2, 3});
      output.writeDouble(RPS_FRACTIONAL, calls);
      output.writeDouble(EPS, errors);
      output.writeDouble(APPLICATION_UTILIZATION, application);
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A report of an endpoint that would weigh {@code weight}. */
  public static byte[] ofWeight(double weight) {
    return report(weight / 2, 0, 0.5, 0);
  }

  /** Trailers with {@code report}. */
  public static Metadata trailers(byte[] report) {
    Metadata trailers = new Metadata();
    trailers.put(EndpointLoad.REPORT, report);
    return trailers;
  }
}
