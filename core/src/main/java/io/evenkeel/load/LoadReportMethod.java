package io.evenkeel.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * The method by which a client has an endpoint report its load on a stream of its own. The request
 * is the interval of the reports, the answers are {@link LoadReport}s in their binary form.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A51-custom-backend-metrics.md">gRFC
 *     A51</a>
 */
public final class LoadReportMethod {
  /** The full name of its service. */
  public static final String SERVICE = "xds.service.orca.v3.OpenRcaService";

  /** The method itself. */
  public static final MethodDescriptor<Duration, byte[]> DESCRIPTOR =
      MethodDescriptor.newBuilder(new RequestMarshaller(), new ReportMarshaller())
          .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "StreamCoreMetrics"))
          .build();

  private LoadReportMethod() {}

  /** {@code OrcaLoadReportRequest}, whose first field is the interval. */
  private static final class RequestMarshaller implements MethodDescriptor.Marshaller<Duration> {
    private static final int REPORT_INTERVAL = 1;
    private static final int REPORT_INTERVAL_TAG = REPORT_INTERVAL << 3 | 2;

    /** What protobuf allows. */
    private static final long MAX_SECONDS = 315_576_000_000L;

    @Override
    public InputStream stream(Duration interval) {
      com.google.protobuf.Duration message =
          com.google.protobuf.Duration.newBuilder()
              .setSeconds(interval.getSeconds())
              .setNanos(interval.getNano())
              .build();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream output = CodedOutputStream.newInstance(bytes);
      try {
        output.writeMessage(REPORT_INTERVAL, message);
        output.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new ByteArrayInputStream(bytes.toByteArray());
    }

    /** An interval that is left out or below zero is zero. */
    @Override
    public Duration parse(InputStream stream) {
      Duration interval = Duration.ZERO;
      try {
        CodedInputStream input = CodedInputStream.newInstance(stream);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
          if (tag == REPORT_INTERVAL_TAG) {
            interval = of(com.google.protobuf.Duration.parseFrom(input.readByteArray()));
          } else {
            input.skipField(tag);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return interval;
    }

    private static Duration of(com.google.protobuf.Duration message) {
      long seconds = Math.min(MAX_SECONDS, Math.max(-MAX_SECONDS, message.getSeconds()));
      Duration interval = Duration.ofSeconds(seconds, message.getNanos());
      return interval.isNegative() ? Duration.ZERO : interval;
    }
  }

  /** Leaves a report as it is: {@link LoadReport} reads and writes it. */
  private static final class ReportMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] report) {
      return new ByteArrayInputStream(report);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
