package io.evenkeel.server.settings;

/** How a server tells its clients its load. */
public enum LoadReports {
  /** Not at all. */
  OFF,
  /** In the trailers of each call, some thirty bytes. */
  TRAILERS,
  /** On a stream to each client that asks for one. */
  STREAM,
  /** Either way. */
  BOTH
}
