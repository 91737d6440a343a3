package io.evenkeel.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsLoaderTest {
  @TempDir Path directory;

  @Test
  void load_noSource_givesDefaults() {
    ServerSettings settings = ServerSettings.loader().load();

    assertThat(settings.get(ServerSetting.PORT)).isZero();
    assertThat(settings.states(ServerSetting.PORT)).isFalse();
  }

  @Test
  void load_allSourcesStateIt_flagWins() throws IOException {
    ServerSettings settings =
        ServerSettings.loader()
            .file(yaml("port: 1"))
            .environment(Map.of("EVENKEEL_PORT", "2"))
            .arguments(List.of("--port", "3"))
            .load();

    assertThat(settings.get(ServerSetting.PORT)).isEqualTo(3);
  }

  @Test
  void load_environmentAndFileStateIt_environmentWins() throws IOException {
    ServerSettings settings =
        ServerSettings.loader()
            .environment(Map.of("EVENKEEL_DRAIN_DELAY", "250ms"))
            .file(yaml("drain-delay: 9s"))
            .load();

    assertThat(settings.get(ServerSetting.DRAIN_DELAY)).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void load_onlyFileStatesIt_fileWins() throws IOException {
    ServerSettings settings =
        ServerSettings.loader()
            .environment(Map.of("EVENKEEL_PORT", "2"))
            .file(yaml("probe-port: off"))
            .load();

    assertThat(settings.get(ServerSetting.PROBE_PORT)).isEqualTo(OptionalInt.empty());
  }

  @Test
  void load_emptyVariable_statesNothing() {
    ServerSettings settings =
        ServerSettings.loader().environment(Map.of("EVENKEEL_PORT", "")).load();

    assertThat(settings.states(ServerSetting.PORT)).isFalse();
  }

  @Test
  void load_variableOfSomebodyElse_isNoError() {
    ServerSettings settings =
        ServerSettings.loader().environment(Map.of("EVENKEEL_HOME", "/opt")).load();

    assertThat(settings.toString()).isEqualTo("{}");
  }

  @Test
  void load_settingsFlag_namesTheFile() throws IOException {
    Path file = yaml("weight: 7");

    ServerSettings settings =
        ServerSettings.loader().arguments(List.of("--settings=" + file)).load();

    assertThat(settings.get(ServerSetting.WEIGHT)).isEqualTo(7);
  }

  @Test
  void load_settingsVariable_namesTheFile() throws IOException {
    String file = yaml("weight: 7").toString();

    ServerSettings settings =
        ServerSettings.loader().environment(Map.of("EVENKEEL_SETTINGS", file)).load();

    assertThat(settings.get(ServerSetting.WEIGHT)).isEqualTo(7);
  }

  @Test
  void load_registryOfSeveralIpv6Hosts_isEscaped() {
    ServerSettings settings =
        ServerSettings.loader()
            .arguments(List.of("--registry", "etcd://[::1]:2379,[::2]:2379/x"))
            .load();

    assertThat(settings.get(ServerSetting.REGISTRY))
        .containsExactly(URI.create("etcd://%5B%3A%3A1%5D%3A2379,%5B%3A%3A2%5D%3A2379/x"));
  }

  @Test
  void load_registryFlagTwice_givesBoth() {
    ServerSettings settings =
        ServerSettings.loader()
            .arguments(List.of("--registry", "file:///a", "--registry", "etcd://h1:1,h2:2/x"))
            .load();

    assertThat(settings.get(ServerSetting.REGISTRY))
        .containsExactly(URI.create("file:///a"), URI.create("etcd://h1:1,h2:2/x"));
  }

  @Test
  void load_listInFile_givesAll() throws IOException {
    ServerSettings settings =
        ServerSettings.loader().file(yaml("registry:\n  - file:///a\n  - file:///b")).load();

    assertThat(settings.get(ServerSetting.REGISTRY))
        .containsExactly(URI.create("file:///a"), URI.create("file:///b"));
  }

  @Test
  void load_mapInFile_keepsCommasInValues() throws IOException {
    ServerSettings settings =
        ServerSettings.loader().file(yaml("metadata:\n  tags: a,b\n  version: 1.10")).load();

    assertThat(settings.get(ServerSetting.METADATA))
        .containsExactlyInAnyOrderEntriesOf(Map.of("tags", "a,b", "version", "1.10"));
  }

  @Test
  void load_pairsInFlag_areSplitAtCommas() {
    ServerSettings settings =
        ServerSettings.loader().arguments(List.of("--metadata=version=1.2, commit=a=b")).load();

    assertThat(settings.get(ServerSetting.METADATA))
        .containsExactlyInAnyOrderEntriesOf(Map.of("version", "1.2", "commit", "a=b"));
  }

  @Test
  void load_yamlWordThatLooksLikeBoolean_staysText() throws IOException {
    ServerSettings settings = ServerSettings.loader().file(yaml("zone: no")).load();

    assertThat(settings.get(ServerSetting.ZONE)).isEqualTo("no");
  }

  @Test
  void load_emptyFile_givesDefaults() throws IOException {
    ServerSettings settings = ServerSettings.loader().file(yaml("# nothing\n")).load();

    assertThat(settings.toString()).isEqualTo("{}");
  }

  @Test
  void load_unknownFlag_namesTheNearest() {
    SettingsLoader loader = ServerSettings.loader().arguments(List.of("--prot", "80"));

    assertThatThrownBy(loader::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--prot: unknown setting (did you mean \"--port\"?)");
  }

  @Test
  void load_unknownKeyInFile_namesFileAndNearest() throws IOException {
    Path file = yaml("max-conection-age: 5m");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .hasMessage(
            file + ": max-conection-age: unknown setting (did you mean \"max-connection-age\"?)");
  }

  @Test
  void load_malformedVariable_namesItAndWhatIsExpected() {
    SettingsLoader loader =
        ServerSettings.loader().environment(Map.of("EVENKEEL_PORT", "tcp://10.0.0.1:80"));

    assertThatThrownBy(loader::load)
        .hasMessage("EVENKEEL_PORT: \"tcp://10.0.0.1:80\" (expected: 0..65535)");
  }

  @Test
  void load_durationWithoutUnit_showsExamples() {
    SettingsLoader loader = ServerSettings.loader().arguments(List.of("--drain-delay", "5"));

    assertThatThrownBy(loader::load)
        .hasMessage(
            "--drain-delay: \"5\" (expected: a duration like 500ms, 30s, 5m or 1h, at least 0s)");
  }

  @Test
  void load_outOfRangeInFile_namesFileKeyAndRange() throws IOException {
    Path file = yaml("port: 70000");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .hasMessage(file + ": port: \"70000\" (expected: 0..65535)");
  }

  @Test
  void load_unknownChoice_listsTheChoices() {
    SettingsLoader loader =
        ServerSettings.loader().arguments(List.of("--registration-failure=ignore"));

    assertThatThrownBy(loader::load)
        .hasMessage("--registration-failure: \"ignore\" (expected: retry or fail)");
  }

  @Test
  void load_mapWhereTextIsExpected_isRefused() throws IOException {
    Path file = yaml("zone:\n  a: b");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .hasMessageContaining(file + ": zone:");
  }

  @Test
  void load_duplicateKeyInFile_isRefused() throws IOException {
    Path file = yaml("port: 1\nport: 2");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .hasMessageContaining(file + ":")
        .hasMessageContaining("duplicate key port");
  }

  @Test
  void load_tagThatMakesObjects_isRefused() throws IOException {
    Path file = yaml("zone: !!javax.script.ScriptEngineManager []");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void load_notAMapping_isRefused() throws IOException {
    Path file = yaml("- port");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .hasMessage(file + ": not a mapping (expected: lines like port: 8080)");
  }

  @Test
  void load_missingFile_isNamed() {
    Path file = directory.resolve("absent.yaml");

    assertThatThrownBy(ServerSettings.loader().file(file)::load)
        .hasMessage(file + ": no such file");
  }

  @Test
  void arguments_wordThatIsNoFlag_isRefused() {
    SettingsLoader loader = ServerSettings.loader();

    assertThatThrownBy(() -> loader.arguments(List.of("port=1")))
        .hasMessage("\"port=1\" (expected: a flag such as --port)");
  }

  @Test
  void arguments_flagWithoutValue_isRefused() {
    SettingsLoader loader = ServerSettings.loader();

    assertThatThrownBy(() -> loader.arguments(List.of("--port"))).hasMessage("--port: no value");
  }

  @Test
  void load_variablesOfOthers_warnsOfThoseThatNobodyReads() {
    List<String> warned = new ArrayList<>();
    Logger logger = Logger.getLogger(SettingsLoader.class.getName());
    Handler recorder = new Recorder(warned);
    logger.addHandler(recorder);
    logger.setLevel(Level.WARNING);
    try {
      ServerSettings.loader()
          .environment(Map.of("EVENKEEL_ETCD_USERNAME", "u", "EVENKEEL_PROT", "1", "HOME", "/root"))
          .load();
    } finally {
      logger.setLevel(null);
      logger.removeHandler(recorder);
    }

    assertThat(warned).containsExactly("EVENKEEL_PROT");
  }

  @Test
  void load_fileIsNotText_saysSo() throws IOException {
    Path file = Files.write(directory.resolve("settings.yaml"), new byte[] {(byte) 0xC3, 'x'});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerSettings.loader().file(file).load())
        .withMessage(file + ": is not UTF-8");
  }

  private static final class Recorder extends Handler {
    private final List<String> names;

    Recorder(List<String> names) {
      this.names = names;
    }

    @Override
    public void publish(LogRecord message) {
      names.add(String.valueOf(message.getParameters()[0]));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(directory.resolve("server.yaml"), text);
  }
}
