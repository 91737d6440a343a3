package io.evenkeel.cli.demo;

import io.evenkeel.BalancerListener;
import io.evenkeel.Endpoint;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.OutputClosedException;
import io.evenkeel.cli.console.StatusText;
import io.grpc.Status;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Prints a line for each change of state of an endpoint. Thread-safe. */
final class StateLines implements BalancerListener {
  private final Console console;
  private final Set<String> lost = new HashSet<>(); // guarded by this
  private boolean silent; // guarded by this

  StateLines(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void onFound(Endpoint endpoint) {
    print("found", endpoint, "");
  }

  @Override
  public synchronized void onReady(Endpoint endpoint) {
    boolean back = lost.remove(endpoint.id());
    print(back ? "@|green back|@" : "@|green READY|@", endpoint, "");
  }

  @Override
  public synchronized void onLost(Endpoint endpoint, Status reason) {
    lost.add(endpoint.id());
    print("@|red lost|@", endpoint, StatusText.description(reason));
  }

  @Override
  public synchronized void onRemoved(Endpoint endpoint) {
    print("removed", endpoint, "");
  }

  /** Prints nothing from now on: what happens while a cluster is stopped is no news. */
  synchronized void silence() {
    silent = true;
  }

  private void print(String event, Endpoint endpoint, String reason) {
    if (silent) {
      return;
    }
    try {
      if (console.json()) {
        console.jsonLine(json(event, endpoint, reason));
      } else {
        String line = "%s %s %s".formatted(endpoint.id(), event, endpoint.displayAddress());
        console.line(Console.coloured(line) + (reason.isEmpty() ? "" : ": " + reason));
      }
    } catch (OutputClosedException nobodyReads) {
      // The cluster runs on for those who call it.
      silent = true;
    }
  }

  private static Map<String, String> json(String event, Endpoint endpoint, String reason) {
    Map<String, String> json = new LinkedHashMap<>();
    json.put("event", event.replaceAll("@\\|\\w+ |\\|@", "").toLowerCase(Locale.ROOT));
    json.put("id", endpoint.id());
    json.put("address", endpoint.displayAddress());
    if (!reason.isEmpty()) {
      json.put("reason", reason);
    }
    return json;
  }
}
