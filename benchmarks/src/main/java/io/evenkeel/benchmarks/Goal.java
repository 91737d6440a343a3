package io.evenkeel.benchmarks;

import java.util.Locale;

/**
 * What a figure is meant to be, and how a measured one stands to it.
 *
 * @param name what the figure is, as the page calls it; empty where its column says so
 * @param side on which side of {@code limit} the figure is to be
 * @param limit the last value that is still good
 */
public record Goal(String name, Side side, double limit) {

  /** Where good values are. */
  public enum Side {
    AT_MOST("≤"),
    AT_LEAST("≥");

    private final String sign;

    Side(String sign) {
      this.sign = sign;
    }
  }

  /** The figure {@code name} is to be no more than {@code limit}. */
  public static Goal atMost(String name, double limit) {
    return new Goal(name, Side.AT_MOST, limit);
  }

  /** The figure {@code name} is to be no less than {@code limit}. */
  public static Goal atLeast(String name, double limit) {
    return new Goal(name, Side.AT_LEAST, limit);
  }

  /** As in {@code ratio ≤ 0.5: met}, or {@code ratio ≤ 0.5: missed by 12 %}. */
  public String judge(double figure) {
    return (name.isEmpty() ? "" : name + " ")
        + side.sign
        + " "
        + number(limit)
        + ": "
        + verdict(figure);
  }

  /** Whether {@code figure} is good; one that was not measured is not. */
  public boolean isMet(double figure) {
    return side == Side.AT_MOST ? figure <= limit : figure >= limit;
  }

  private String verdict(double figure) {
    if (Double.isNaN(figure)) {
      return "not measured";
    }
    if (isMet(figure)) {
      return "met";
    }
    double miss = Math.abs(figure - limit);
    // Of nothing there is no share.
    return limit == 0
        ? "missed by " + number(miss)
        : String.format(Locale.ROOT, "missed by %.1f %%", 100 * miss / limit);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
