package io.evenkeel.discovery.dns;

/** How a question to the name servers ended. */
enum Outcome {
  /** There are records. */
  RECORDS,

  /** The name exists and has no such records (NODATA). */
  NO_RECORDS,

  /** The name does not exist (NXDOMAIN). */
  NO_SUCH_NAME,

  /** Name servers answered that they cannot say, as with SERVFAIL. */
  FAILURE,

  /** No name server could be reached, or none answered in time. */
  SILENCE;

  /** Whether this tells what DNS holds. */
  boolean isDefinite() {
    return this == RECORDS || this == NO_RECORDS || this == NO_SUCH_NAME;
  }
}
