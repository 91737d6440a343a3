package io.evenkeel.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * What an endpoint says of its own load: the part of {@code xds.data.orca.v3.OrcaLoadReport} that
 * weighs endpoints, read without generated classes.
 *
 * @param callsPerSecond calls that it has been serving
 * @param errorsPerSecond those of them that have failed
 * @param utilization how much of it is in use, 1 when all is: the application's own figure, or else
 *     that of the processors
 * @see <a href="https://github.com/grpc/proposal/blob/master/A51-custom-backend-metrics.md">gRFC
 *     A51</a>
 */
record LoadReport(double callsPerSecond, double errorsPerSecond, double utilization) {
  private static final int CPU_UTILIZATION = 1;
  private static final int RPS_FRACTIONAL = 6;
  private static final int EPS = 7;
  private static final int APPLICATION_UTILIZATION = 9;

  /**
   * Reads a report in protobuf's binary form; fields it does not know are left out.
   *
   * @throws IOException if it is none
   */
  static LoadReport decode(byte[] bytes) throws IOException {
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
    return new LoadReport(calls, errors, application > 0 ? application : processors);
  }

  /**
   * The calls per second that the whole endpoint could serve, less for errors, each of which counts
   * as {@code errorPenalty} of the endpoint in use; 0 when the report does not say.
   */
  double weight(double errorPenalty) {
    if (!(callsPerSecond > 0) || !(utilization > 0)) {
      return 0;
    }
    double errors = errorsPerSecond > 0 ? errorsPerSecond / callsPerSecond * errorPenalty : 0;
    double weight = callsPerSecond / (utilization + errors);
    return weight < Double.MAX_VALUE ? weight : 0;
  }
}
