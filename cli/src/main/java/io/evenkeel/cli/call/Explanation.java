package io.evenkeel.cli.call;

import com.google.gson.JsonParser;
import io.evenkeel.BalancerSnapshot;
import io.evenkeel.BalancerView;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.PickRecord;
import io.evenkeel.cli.console.Console;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells where calls were sent and why, and how the endpoints stand after them. */
final class Explanation {
  /** More lines than this nobody reads. */
  static final int MAX_PICKS = 100;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Console console;

  Explanation(Console console) {
    this.console = console;
  }

  /** Prints what the balancer of {@code channel} knows now. */
  void print(EvenkeelChannel channel) {
    Optional<BalancerSnapshot> snapshot = channel.balancer().map(BalancerView::snapshot);
    if (snapshot.isEmpty()) {
      console.note("nothing to explain: the calls were not balanced by Evenkeel");
    } else if (console.json()) {
      console.jsonLine(Map.of("explain", JsonParser.parseString(snapshot.get().toJson())));
    } else {
      snapshot.get().picks().forEach(pick -> console.line(text(pick)));
      console.line(snapshot.get().toString());
    }
  }

  private static String text(PickRecord pick) {
    String to = pick.endpoint().map(endpoint -> " → " + endpoint.displayAddress()).orElse("");
    String reason = pick.reason().isEmpty() ? "" : ": " + pick.reason();
    String others = pick.others().isEmpty() ? "" : " (others: " + pick.others() + ")";
    return TIME.format(pick.at())
        + " "
        + pick.method()
        + to
        + ": "
        + pick.kind().text()
        + reason
        + others;
  }
}
