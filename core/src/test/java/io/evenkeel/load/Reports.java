package io.evenkeel.load;

import io.grpc.Metadata;

/** Load reports as servers write them. */
public final class Reports {
  private Reports() {}

  /** A report of an endpoint that would weigh {@code weight}. */
  public static byte[] ofWeight(double weight) {
    return new LoadReport(weight / 2, 0, 0.5, 0).encode();
  }

  /** Trailers with {@code report}. */
  public static Metadata trailers(byte[] report) {
    Metadata trailers = new Metadata();
    trailers.put(LoadReport.TRAILER, report);
    return trailers;
  }
}
