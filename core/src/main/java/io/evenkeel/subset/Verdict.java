package io.evenkeel.subset;

/** Whether an endpoint counts towards the size of a subset. */
public enum Verdict {
  /** It takes calls, or nothing speaks against it: it may not even be connected yet. */
  GOOD,
  /** It takes no calls: it cannot be reached, is unhealthy or is ejected. */
  BAD
}
