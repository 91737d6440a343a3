package io.evenkeel.cli.call;

import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.StatusText;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints answers as they come, or keeps still and sums them up. Thread-safe. */
final class CallReport implements CallObserver {

  /** What a user sees of each call. */
  enum Style {
    EACH_ANSWER,
    SUMMARY
  }

  private final Console console;
  private final Style style;
  private final Summary summary;

  CallReport(Console console, Style style, Summary summary) {
    this.console = console;
    this.style = style;
    this.summary = summary;
  }

  @Override
  public void onHeaders(Metadata headers) {
    detail(headers);
  }

  @Override
  public void onAnswer(String json) {
    if (style == Style.EACH_ANSWER) {
      console.line(json);
    }
  }

  @Override
  public void onEnd(Outcome outcome) {
    summary.add(outcome);
    if (style == Style.EACH_ANSWER) {
      detail(outcome.trailers());
      if (!outcome.status().isOk()) {
        printFailure(outcome.status());
      }
    }
  }

  /** Prints the sum, if it was asked for. */
  void finish() {
    if (style == Style.EACH_ANSWER) {
      return;
    }
    if (console.json()) {
      console.jsonLine(summary.toJson());
    } else {
      console.line(summary.toText());
    }
  }

  private void detail(Metadata metadata) {
    if (style == Style.EACH_ANSWER && console.verbose()) {
      Headers.format(metadata).forEach(line -> console.detail("< " + line));
    }
  }

  private void printFailure(Status status) {
    if (console.json()) {
      Map<String, String> error = new LinkedHashMap<>();
      error.put("status", status.getCode().name());
      error.put("message", StatusText.description(status));
      console.note(console.toJson(Map.of("error", error)));
    } else {
      console.note(StatusText.of(status));
    }
    if (status.getCause() != null) {
      console.trace(status.getCause());
    }
  }
}
