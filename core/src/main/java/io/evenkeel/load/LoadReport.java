package io.evenkeel.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What an endpoint says of its own load: the part of {@code xds.data.orca.v3.OrcaLoadReport} that
 * weighs endpoints, read and written without generated classes.
 *
 * @param callsPerSecond calls that it has been serving
 * @param errorsPerSecond those of them that have failed
 * @param processors how much of its processors is in use, 1 when all are; 0 when it does not say
 * @param application how much of it is in use by the application's own measure, 1 when all is; 0
 *     when it does not say
 * @see <a href="https://github.com/grpc/proposal/blob/master/A51-custom-backend-metrics.md">gRFC
 *     A51</a>
 */
public record LoadReport(
    double callsPerSecond, double errorsPerSecond, double processors, double application) {

  /** Where the trailers of a call carry a report, encoded. */
  public static final Metadata.Key<byte[]> TRAILER =
      Metadata.Key.of("endpoint-load-metrics-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final int CPU_UTILIZATION = 1;
  private static final int RPS_FRACTIONAL = 6;
  private static final int EPS = 7;
  private static final int APPLICATION_UTILIZATION = 9;

  /**
   * Reads a report in protobuf's binary form; fields it does not know are left out.
   *
   * @throws IOException if it is none
   */
  public static LoadReport decode(byte[] bytes) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    double calls = 0;
    double errors = 0;
    double processors = 0;
    double application = 0;
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      switch (tag) {
        case CPU_UTILIZATION << 3 | WireFormat.WIRETYPE_FIXED64 -> processors = input.readDouble();
        case RPS_FRACTIONAL << 3 | WireFormat.WIRETYPE_FIXED64 -> calls = input.readDouble();
        case EPS << 3 | WireFormat.WIRETYPE_FIXED64 -> errors = input.readDouble();
        case APPLICATION_UTILIZATION << 3 | WireFormat.WIRETYPE_FIXED64 ->
            application = input.readDouble();
        default -> input.skipField(tag);
      }
    }
    return new LoadReport(calls, errors, processors, application);
  }

  /** Protobuf's binary form; a field of 0 is left out, as protobuf does. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    try {
      write(output, CPU_UTILIZATION, processors);
      write(output, RPS_FRACTIONAL, callsPerSecond);
      write(output, EPS, errorsPerSecond);
      write(output, APPLICATION_UTILIZATION, application);
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** How much of the endpoint is in use: by the application's own measure if it has one. */
  double utilization() {
    return application > 0 ? application : processors;
  }

  /**
   * The calls per second that the whole endpoint could serve, less for errors, each of which counts
   * as {@code errorPenalty} of the endpoint in use; 0 when the report does not say.
   */
  double weight(double errorPenalty) {
    if (!(callsPerSecond > 0) || !(utilization() > 0)) {
      return 0;
    }
    double errors = errorsPerSecond > 0 ? errorsPerSecond / callsPerSecond * errorPenalty : 0;
    double weight = callsPerSecond / (utilization() + errors);
    return weight < Double.MAX_VALUE ? weight : 0;
  }

  private static void write(CodedOutputStream output, int field, double value) throws IOException {
    if (value != 0) {
      output.writeDouble(field, value);
    }
  }
}
