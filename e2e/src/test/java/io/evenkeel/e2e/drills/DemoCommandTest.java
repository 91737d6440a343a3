package io.evenkeel.e2e.drills;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a newcomer runs first. */
class DemoCommandTest {
  private static final Pattern ORDERS_URL =
      Pattern.compile("(localhost|127\\.0\\.0\\.1):(\\d+)/orders/1");

  @Test
  void tour_freshMachine_isAsTold() {
    try (CommandProcess tour = CommandProcess.start("demo", "--tour", "--port", "0")) {
      assertThat(tour.exitCode()).as(tour.toString()).isZero();
      assertThat(tour.errors()).isEmpty();
    }
  }

  @Test
  void demo_threeRequests_areServedByThreeServices() throws Exception {
    try (CommandProcess demo = CommandProcess.start("demo", "--port", "0")) {
      String url = ordersUrl(demo.awaitLine(line -> ORDERS_URL.matcher(line).find()));

      TreeSet<String> answers = new TreeSet<>();
      for (int i = 0; i < 3; i++) {
        answers.add(get(url));
      }
      demo.signal("INT");
      int exitCode = demo.exitCode();

      assertThat(answers)
          .containsExactly(
              "{\"id\":\"1\",\"served_by\":\"order-service-1\"}",
              "{\"id\":\"1\",\"served_by\":\"order-service-2\"}",
              "{\"id\":\"1\",\"served_by\":\"order-service-3\"}");
      assertThat(exitCode).as(demo.toString()).isIn(0, 130);
    }
  }

  @Test
  void demo_ctrlCInATerminal_endsWithoutAWord() throws Exception {
    try (CommandProcess demo = CommandProcess.start("demo", "--port", "0")) {
      demo.awaitLine(line -> ORDERS_URL.matcher(line).find());
      List<ProcessHandle> services = demo.descendants();

      // A terminal tells everybody.
      signal("INT", services);
      demo.signal("INT");
      int exitCode = demo.exitCode();

      assertThat(exitCode).as(demo.toString()).isEqualTo(130);
      assertThat(demo.errors()).isEmpty();
      assertEnded(services);
    }
  }

  @Test
  void demo_interruptedWhileServicesHang_leavesNoService() throws Exception {
    try (CommandProcess demo = CommandProcess.start("demo", "--port", "0")) {
      demo.awaitLine(line -> ORDERS_URL.matcher(line).find());
      List<ProcessHandle> services = demo.descendants();
      signal("STOP", services);

      demo.signal("INT");
      int exitCode = demo.exitCode();

      assertThat(exitCode).as(demo.toString()).isEqualTo(130);
      assertEnded(services);
    }
  }

  @Test
  void demo_killed_leavesNoService() throws Exception {
    try (CommandProcess demo = CommandProcess.start("demo", "--port", "0")) {
      demo.awaitLine(line -> ORDERS_URL.matcher(line).find());
      List<ProcessHandle> services = demo.descendants();

      demo.signal("KILL");

      assertEnded(services);
    }
  }

  private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
    List<String> kill = new ArrayList<>(List.of("kill", "-" + signal));
    processes.forEach(process -> kill.add(Long.toString(process.pid())));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }

  private static void assertEnded(List<ProcessHandle> services) throws Exception {
    assertThat(services).hasSizeGreaterThanOrEqualTo(3);
    for (ProcessHandle service : services) {
      assertThat(service.onExit().get(30, SECONDS).isAlive()).isFalse();
    }
  }

  private static String ordersUrl(String line) {
    Matcher matcher = ORDERS_URL.matcher(line);
    assertThat(matcher.find()).isTrue();
    return "http://127.0.0.1:" + matcher.group(2) + "/orders/1";
  }

  private static String get(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
