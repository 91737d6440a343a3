package io.evenkeel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.evenkeel.server.EvenkeelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallCommandTest {
  private static final String ECHO = "echo.EchoService/Echo";

  private static EvenkeelServer one;
  private static EvenkeelServer two;
  private static String target;

  @TempDir private Path directory;

  @BeforeAll
  static void startServers() throws IOException {
    one = DemoServer.start("echo", "one");
    two = DemoServer.start("echo", "two");
    target = DemoServer.target(one, two);
  }

  @AfterAll
  static void stopServers() {
    one.close();
    two.close();
  }

  @Test
  void call_once_printsTheAnswerWithTheNamesOfTheProto() {
    CommandRun run = call(ECHO, "-d", "{\"message\":\"hé\"}");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.lines()).hasSize(1);
    JsonObject answer = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(answer.get("message").getAsString()).isEqualTo("hé");
    assertThat(answer.get("served_by").getAsString())
        .isIn(DemoServer.address(one), DemoServer.address(two));
  }

  @Test
  void call_roundRobinTenTimes_alternatesStrictly() {
    List<String> servers = servedBy(call(ECHO, "-n", "10", "--policy", "round_robin"));

    assertThat(servers).hasSize(10);
    for (int i = 2; i < servers.size(); i++) {
      assertThat(servers.get(i)).isEqualTo(servers.get(i - 2)).isNotEqualTo(servers.get(i - 1));
    }
  }

  @Test
  void call_pickFirstTenTimes_staysWithOneAddress() {
    List<String> servers = servedBy(call(ECHO, "-n", "10", "--policy", "pick_first"));

    assertThat(servers).hasSize(10).containsOnly(servers.get(0));
  }

  @Test
  void call_summaryAsJson_countsWhoServed() {
    CommandRun run = call(ECHO, "-n", "20", "--concurrency", "4", "--summary", "--json");

    JsonObject summary = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(summary.get("calls").getAsInt()).isEqualTo(20);
    assertThat(summary.get("failed").getAsInt()).isZero();
    assertThat(summary.getAsJsonObject("status").get("OK").getAsInt()).isEqualTo(20);
    assertThat(summary.getAsJsonObject("by").get(DemoServer.address(one)).getAsInt()).isEqualTo(10);
    assertThat(summary.getAsJsonObject("by").get(DemoServer.address(two)).getAsInt()).isEqualTo(10);
    assertThat(summary.getAsJsonObject("latency_ms").keySet()).contains("p50", "p99");
  }

  @Test
  void call_explain_printsALinePerPickAndATable() {
    CommandRun run = call(ECHO, "-n", "2", "--explain", "--policy", "round_robin");

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines())
        .filteredOn(line -> line.contains("echo.EchoService/Echo → "))
        .hasSize(2)
        .allMatch(line -> line.contains(": first choice: its turn in a round of 2 (others: "));
    assertThat(run.out()).contains("policy: round_robin").contains("IN FLIGHT").contains("50.0 %");
  }

  @Test
  void call_explainAsJson_isTheLastLine() {
    CommandRun run = call(ECHO, "-n", "3", "--explain", "--json");

    List<String> lines = run.lines();
    JsonObject explain =
        JsonParser.parseString(lines.get(lines.size() - 1))
            .getAsJsonObject()
            .getAsJsonObject("explain");
    assertThat(lines).hasSize(4);
    assertThat(explain.getAsJsonArray("picks")).hasSize(3);
    assertThat(explain.getAsJsonArray("endpoints")).hasSize(2);
  }

  @Test
  void call_explainWithoutAnyServer_showsWhatIsWrongWithEach() {
    CommandRun run =
        CommandRun.of("call", "fixed:///127.0.0.1:1", ECHO, "--plaintext", "--explain");

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.out()).contains("127.0.0.1:1  FAILED").contains("refused");
  }

  @Test
  void call_explainPickFirst_saysThatThereIsNothing() {
    CommandRun run = call(ECHO, "--explain", "--policy", "pick_first");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("nothing to explain");
  }

  @Test
  void call_failures_exitsByTheMostFrequentStatus() {
    CommandRun run = call(ECHO, "-n", "3", "-H", "behavior: fail=NOT_FOUND", "--summary");

    assertThat(run.exitCode()).isEqualTo(64 + 5);
    assertThat(run.out()).contains("3 failed").contains("NOT_FOUND");
  }

  @Test
  void call_failureAsJson_isAnObjectOnStandardError() {
    CommandRun run = call(ECHO, "-H", "behavior: fail=NOT_FOUND", "--json");

    JsonObject error = JsonParser.parseString(run.err()).getAsJsonObject().getAsJsonObject("error");
    assertThat(run.out()).isEmpty();
    assertThat(error.get("status").getAsString()).isEqualTo("NOT_FOUND");
  }

  @Test
  void call_deadlineShorterThanTheServer_exitsWithDeadlineExceeded() {
    CommandRun run = call(ECHO, "--deadline", "100ms", "-H", "behavior: hang");

    assertThat(run.exitCode()).isEqualTo(64 + 4);
    assertThat(run.err()).startsWith("DEADLINE_EXCEEDED");
  }

  @Test
  void call_duration_endsByTime() {
    CommandRun run = call(ECHO, "--duration", "300ms", "--rate", "50", "--summary", "--json");

    int calls = JsonParser.parseString(run.out()).getAsJsonObject().get("calls").getAsInt();
    assertThat(calls).isBetween(1, 15);
  }

  @Test
  void call_serverSlowerThanTheRate_countsTheWaitForATurn() {
    CommandRun run =
        call(
            ECHO,
            "-n",
            "4",
            "--rate",
            "1000",
            "--concurrency",
            "1",
            "--summary",
            "--json",
            "-H",
            "behavior: sleep=100ms");

    JsonObject latency =
        JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonObject("latency_ms");
    assertThat(run.exitCode()).isZero();
    assertThat(latency.get("max").getAsDouble()).isGreaterThan(390);
  }

  @Test
  void call_clientStreaming_sendsEachValue() {
    CommandRun run =
        call(
            "echo.EchoService/ClientStreamingEcho",
            "-d",
            "{\"message\":\"a\"} {\"message\":\"b\"}");

    assertThat(run.out()).contains("\"message\":\"a,b\"");
  }

  @Test
  void call_serverStreaming_printsEachAnswer() {
    CommandRun run = call("echo.EchoService/ServerStreamingEcho", "-d", "{\"count\":3}");

    assertThat(run.lines()).hasSize(3);
  }

  @Test
  void call_bidirectional_takesAnArray() {
    CommandRun run =
        call(
            "echo.EchoService/BidirectionalStreamingEcho",
            "-d",
            "[{\"message\":\"a\"},{\"message\":\"b\"}]");

    assertThat(run.lines()).hasSize(2);
  }

  @Test
  void call_verbose_printsMetadataThatComesBack() {
    CommandRun run = call(ECHO, "-v", "-H", "x-text: some", "-H", "x-bytes-bin: AAEC");

    assertThat(run.err()).contains("< x-text: some").contains("< x-bytes-bin: AAEC");
  }

  @Test
  void call_protoFile_needsNoReflection() throws IOException {
    Path proto = directory.resolve("my.proto");
    Files.writeString(
        proto,
        """
        syntax = "proto3";
        package echo;
        service EchoService { rpc Echo(EchoRequest) returns (EchoResponse); }
        message EchoRequest { string text = 1; }
        message EchoResponse { string text = 1; string server = 2; }
        """);

    CommandRun run = call(ECHO, "--proto", proto.toString(), "-d", "{\"text\":\"mine\"}");

    assertThat(run.out()).contains("\"text\":\"mine\",\"server\":\"127.0.0.1:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]                                            | holds no JSON object",
        "{                                              | is not JSON: End of input at line 1",
        "{\"loadBalancingConfig\": 7}                    | gRPC refuses it; 'evenkeel check ",
        "{\"loadBalancingConfig\": [{\"evenkeel\": 7}]}    | gRPC refuses it; 'evenkeel check ",
      })
  void call_serviceConfigFileOfNoUse_saysWhyInOneLine(String content, String why)
      throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), content);

    CommandRun run = call(ECHO, "--service-config", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: --service-config " + file + ": " + why);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void call_authoritiesFileWithoutCertificates_isAUsageError() throws IOException {
    Path file = Files.writeString(directory.resolve("ca.pem"), "nothing");

    CommandRun run = CommandRun.of("call", target, ECHO, "--cacert", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("error: --cacert " + file + ": ")
        .contains("No certificate data found");
  }

  @Test
  void call_unknownScheme_namesThoseThatExist() {
    CommandRun run = CommandRun.of("call", "nowhere:///x", ECHO);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere:///x").contains("fixed").contains("file");
  }

  @Test
  void call_serviceConfigFile_choosesThePolicy() throws IOException {
    Path config = directory.resolve("config.json");
    Files.writeString(config, "{\"loadBalancingConfig\":[{\"pick_first\":{}}]}");

    List<String> servers = servedBy(call(ECHO, "-n", "6", "--service-config", config.toString()));

    assertThat(servers).hasSize(6).containsOnly(servers.get(0));
  }

  @Test
  void call_policyBesideServiceConfig_overridesIt() throws IOException {
    Path config = directory.resolve("config.json");
    Files.writeString(config, "{\"loadBalancingConfig\":[{\"pick_first\":{}}]}");

    List<String> servers =
        servedBy(
            call(
                ECHO, "-n", "6", "--service-config", config.toString(), "--policy", "round_robin"));

    assertThat(servers).contains(DemoServer.address(one), DemoServer.address(two));
  }

  @Test
  void call_tlsAgainstPlaintextServer_hintsAtPlaintext() {
    CommandRun run = CommandRun.of("call", target, ECHO);

    assertThat(run.exitCode()).isEqualTo(64 + 14);
    assertThat(run.err()).contains("use --plaintext");
  }

  @Test
  void call_nobodyListens_namesTargetAndAddress() {
    CommandRun run = CommandRun.of("call", "--plaintext", "fixed:///127.0.0.1:1", ECHO);

    assertThat(run.exitCode()).isEqualTo(64 + 14);
    assertThat(run.err()).contains("fixed:///127.0.0.1:1").contains("127.0.0.1:1:");
  }

  @Test
  void call_misspeltPolicy_suggestsTheNearest() {
    CommandRun run = call(ECHO, "--policy", "least_reqest");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("least_request");
  }

  @Test
  void call_unknownMethod_namesThoseThatExist() {
    CommandRun run = call("echo.EchoService/Eco");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("it has: Echo");
  }

  @Test
  void call_unknownService_namesThoseThatExist() {
    CommandRun run = call("eco.EchoService/Echo");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("echo.EchoService");
  }

  @Test
  void call_unknownField_saysSo() {
    CommandRun run = call(ECHO, "-d", "{\"mesage\":\"x\"}");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("mesage");
  }

  @Test
  void call_unknownScheme_isAUsageError() {
    CommandRun run = CommandRun.of("call", "--plaintext", "nowhere:///x", ECHO);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere:///x").doesNotContain("\tat ");
  }

  private static CommandRun call(String method, String... options) {
    List<String> args = new ArrayList<>(List.of("call", "--plaintext", target, method));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private static List<String> servedBy(CommandRun run) {
    assertThat(run.err()).isEmpty();
    return run.lines().stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject().get("served_by").getAsString())
        .toList();
  }
}
