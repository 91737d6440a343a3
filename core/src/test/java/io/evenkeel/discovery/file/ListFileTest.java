package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.Authority;
import io.evenkeel.discovery.EndpointSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListFileTest {
  @TempDir Path base;
  private Path path;
  private ListFile file;

  @BeforeEach
  void open() {
    path = base.resolve("orders.json");
    file = new ListFile(path, InstantSource.system());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"127.0.0.1:1\", {\"address\": \"127.0.0.1:2\"}]",
        "{\"endpoints\": [\"127.0.0.1:1\", {\"addresses\": [\"127.0.0.1:2\"]}]}"
      })
  void read_bothForms_listTheSame(String json) throws Exception {
    EndpointSet set = read(json);

    assertThat(set.endpoints())
        .extracting(Endpoint::displayAddress)
        .containsExactly("127.0.0.1:1", "127.0.0.1:2");
    assertThat(set.problems()).isEmpty();
    assertThat(set.authority()).isEqualTo(Authority.ENDPOINT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9", "9.0", "\"9\"", "9e0"})
  void read_anyWayToWriteANumber_isAccepted(String nine) throws Exception {
    EndpointSet set =
        read("[{\"address\": \"127.0.0.1:1\", \"weight\": " + nine + ", \"priority\": 1.0}]");

    assertThat(set.endpoints().get(0).weight()).isEqualTo(9);
    assertThat(set.endpoints().get(0).priority()).isEqualTo(1);
  }

  @Test
  void read_everyField_isTaken() throws Exception {
    EndpointSet set =
        read(
            "[{\"address\": \"127.0.0.1:1\", \"id\": \"a\", \"weight\": 9, \"zone\": \"z1\","
                + " \"priority\": 2, \"metadata\": {\"version\": \"1\", \"canary\": true,"
                + " \"shard\": 7}}]");

    Endpoint endpoint = set.endpoints().get(0);
    assertThat(endpoint.id()).isEqualTo("a");
    assertThat(endpoint.weight()).isEqualTo(9);
    assertThat(endpoint.zone()).isEqualTo("z1");
    assertThat(endpoint.priority()).isEqualTo(2);
    assertThat(endpoint.metadata())
        .isEqualTo(Map.of("version", "1", "canary", "true", "shard", "7"));
  }

  @Test
  void read_severalAddresses_areOneEndpoint() throws Exception {
    EndpointSet set = read("[{\"addresses\": [\"127.0.0.1:1\", \"[::1]:1\"]}]");

    assertThat(set.endpoints()).hasSize(1);
    assertThat(set.endpoints().get(0).addresses()).hasSize(2);
  }

  @Test
  void read_hostName_staysUnresolved() throws Exception {
    EndpointSet set = read("[\"orders.example:80\"]");

    assertThat(set.endpoints().get(0).id()).isEqualTo("orders.example:80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nowhere\"|endpoints[1]: \"nowhere\": has no port",
        "{\"address\": \"127.0.0.1:2\", \"weight\": -1}|endpoints[1].weight: -1 (expected",
        "{\"address\": \"127.0.0.1:2\", \"weight\": \"many\"}|endpoints[1].weight: \"many\"",
        "{\"id\": \"b\"}|endpoints[1].address: \"\" (expected: host:port",
        "{\"address\": 80}|endpoints[1].address: 80 (expected: a string)",
        "{\"address\": \"127.0.0.1:2\", \"metadata\": []}|endpoints[1].metadata",
        "null|endpoints[1]: null (expected: \"host:port\" or an object",
        "7|endpoints[1]: 7.0 (expected"
      })
  void read_oneElementMalformed_theRestServe(String element, String problem) throws Exception {
    EndpointSet set = read("[\"127.0.0.1:1\", " + element + ", \"127.0.0.1:3\"]");

    assertThat(set.endpoints()).hasSize(2);
    assertThat(set.problems()).hasSize(1);
    assertThat(set.problems().get(0)).startsWith(problem).endsWith(", left out");
  }

  @Test
  void read_unknownFieldOfAnEndpoint_isReportedAndTheRestUsed() throws Exception {
    EndpointSet set = read("[{\"address\": \"127.0.0.1:1\", \"wieght\": 9}]");

    assertThat(set.endpoints()).hasSize(1);
    assertThat(set.problems())
        .containsExactly("endpoints[0].wieght: unknown field (did you mean \"weight\"?), ignored");
  }

  @Test
  void read_unknownFieldOfTheFile_isReported() throws Exception {
    EndpointSet set = read("{\"endpoints\": [\"127.0.0.1:1\"], \"serviceconfig\": {}}");

    assertThat(set.problems())
        .containsExactly("serviceconfig: unknown field (did you mean \"serviceConfig\"?), ignored");
  }

  @Test
  void read_serviceConfig_isHandedOut() throws Exception {
    EndpointSet set = read("{\"endpoints\": [\"127.0.0.1:1\"], \"serviceConfig\": {\"a\": 1}}");

    assertThat(set.serviceConfig()).isEqualTo(Map.of("a", 1.0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"endpoints\": [\"127.0.0.1:1\"",
        "[\"127.0.0.1:1\",]",
        "['127.0.0.1:1']",
        "[\"127.0.0.1:1\"] []",
        "// hello\n[]",
        "{endpoints: []}",
        "{\"endpoint\": [\"127.0.0.1:1\"]}",
        "\"127.0.0.1:1\"",
        "null"
      })
  void read_notAList_isAnErrorThatNamesTheFile(String content) throws Exception {
    Files.writeString(path, content);

    assertThatIOException().isThrownBy(file::read).withMessageStartingWith("file " + path + ": ");
  }

  @Test
  void read_otherBadContentOfTheSameLength_isAnotherError() throws Exception {
    Files.writeString(path, "{a");
    Throwable first = catchThrowable(file::read);
    Files.writeString(path, "{b");
    Throwable second = catchThrowable(file::read);

    assertThat(second.getMessage()).isNotEqualTo(first.getMessage());
  }

  @Test
  void read_rewrittenWithinOneTickOfTheFileSystem_isSeen() throws Exception {
    read("[\"127.0.0.1:1\"]");
    var modified = Files.getLastModifiedTime(path);

    Files.writeString(path, "[\"127.0.0.1:2\"]");
    Files.setLastModifiedTime(path, modified);

    assertThat(file.read().endpoints().get(0).displayAddress()).isEqualTo("127.0.0.1:2");
  }

  @Test
  void read_noFile_saysSo() {
    assertThat(catchThrowable(file::read)).isInstanceOf(NoSuchFileException.class);
  }

  private EndpointSet read(String json) throws IOException {
    Files.writeString(path, json);
    return file.read();
  }
}
