package io.evenkeel.subset;

/**
 * Where a client stands among all clients of a service.
 *
 * @param index from 0; no two clients have the same
 * @param count of all clients, 1 to {@value #MOST}
 */
public record Peers(int index, int count) {
  /** The largest count. */
  public static final int MOST = 1_000_000;

  public Peers {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("peer count: " + count + " (expected: 1.." + MOST + ")");
    }
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException(
          "peer index: " + index + " (expected: 0.." + (count - 1) + ")");
    }
  }
}
