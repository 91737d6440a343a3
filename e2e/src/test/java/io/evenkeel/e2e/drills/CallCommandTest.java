package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evenkeel call} against services that are processes of their own. */
class CallCommandTest {
  private static final Gson GSON = new Gson();
  private static CommandProcess first;
  private static CommandProcess second;
  private static String both;

  @BeforeAll
  static void start() {
    first = CommandProcess.start(Map.of("INSTANCE_ID", "one"), List.of("serve", "order"));
    second = CommandProcess.start(Map.of("INSTANCE_ID", "two"), List.of("serve", "order"));
    both = "fixed:///" + localhost(first) + "," + localhost(second);
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
  }

  @Test
  void call_pickFirst_usesOneAddress() {
    List<String> served = servedBy(call(both, "-n", "10", "--policy", "pick_first"));

    assertThat(served).hasSize(10);
    assertThat(served.stream().distinct()).hasSize(1);
  }

  @Test
  void call_roundRobin_alternates() {
    List<String> served = servedBy(call(both, "-n", "10", "--policy", "round_robin"));

    String start = served.get(0);
    String other = start.equals("one") ? "two" : "one";
    assertThat(served)
        .containsExactly(start, other, start, other, start, other, start, other, start, other);
  }

  @Test
  void call_serviceConfigOfTheList_choosesThePolicy(@TempDir Path folder) throws IOException {
    Path list = folder.resolve("orders.json");
    Files.writeString(
        list,
        """
        {"endpoints": ["%s", "%s"], "serviceConfig": {"loadBalancingConfig": [{"pick_first": {}}]}}
        """
            .formatted(Cluster.addressOf(first), Cluster.addressOf(second)));

    List<String> served = servedBy(call(list.toUri().toString(), "-n", "10"));

    assertThat(served.stream().distinct()).hasSize(1);
  }

  @Test
  void call_nineToOne_sharesNinetyToTen() {
    try (Cluster cluster = Cluster.empty("order")) {
      cluster.start("heavy", Map.of(), "--weight", "9");
      cluster.start("light", Map.of(), "--weight", "1");

      JsonObject summary =
          summary(cluster.target(), "-n", "1000", "--policy", "weighted_round_robin");

      assertThat(summary.get("failed").getAsInt()).isZero();
      assertThat(summary.getAsJsonObject("by").get("heavy").getAsInt()).isBetween(890, 910);
    }
  }

  @Test
  void call_oneOfThreeIsSlow_leastRequestAvoidsIt() {
    try (Cluster cluster = Cluster.empty("order")) {
      cluster.start("fast1", Map.of("BEHAVIOR", "sleep=10ms"));
      cluster.start("fast2", Map.of("BEHAVIOR", "sleep=10ms"));
      cluster.start("slow", Map.of("BEHAVIOR", "sleep=1s"));

      JsonObject summary =
          summary(
              cluster.target(), "-n", "1000", "--concurrency", "30", "--policy", "least_request");

      assertThat(summary.get("failed").getAsInt()).isZero();
      assertThat(summary.getAsJsonObject("by").get("slow").getAsInt()).isLessThan(100);
    }
  }

  @Test
  void call_backendsForcedUnavailable_exitsWithTheStatus() {
    try (CommandProcess broken =
        CommandProcess.start(Map.of("GRPC_FORCE_UNAVAILABLE", "true"), List.of("serve", "order"))) {
      CommandProcess call = call("fixed:///" + localhost(broken), "-n", "1");

      assertThat(call.exitCode()).as(call.toString()).isEqualTo(64 + 14);
      assertThat(call.errors()).contains("UNAVAILABLE").doesNotContain("\tat ");
    }
  }

  private static List<String> servedBy(CommandProcess call) {
    assertThat(call.exitCode()).as(call.toString()).isZero();
    return call.lines().stream()
        .map(line -> GSON.fromJson(line, JsonObject.class).get("served_by").getAsString())
        .toList();
  }

  private static JsonObject summary(String target, String... options) {
    CommandProcess call = call(target, concat(options, "--summary", "--json"));
    assertThat(call.exitCode()).as(call.toString()).isZero();
    return GSON.fromJson(String.join("\n", call.lines()), JsonObject.class);
  }

  private static CommandProcess call(String target, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("call", target, "order.OrderService/GetOrder"));
    arguments.addAll(List.of("--plaintext", "--data", "{\"id\":\"1\"}"));
    arguments.addAll(List.of(options));
    return CommandProcess.run(arguments.toArray(new String[0]));
  }

  private static String[] concat(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }

  /** By name, so that the name is resolved too. */
  private static String localhost(CommandProcess process) {
    return Cluster.addressOf(process).replaceFirst(".*:", "localhost:");
  }
}
