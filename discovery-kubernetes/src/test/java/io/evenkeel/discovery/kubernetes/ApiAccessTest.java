package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.KubernetesSlice;
import io.evenkeel.testkit.process.KubernetesStub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the API server and the credentials come from. */
class ApiAccessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final List<String> PROPERTIES =
      List.of(
          "kubeconfig",
          "kubernetes.master",
          "kubenamespace",
          "kubernetes.auth.serviceAccount.token",
          "kubernetes.auth.tryKubeConfig",
          "user.home");

  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final Map<String, String> before = new java.util.HashMap<>();
  @TempDir Path directory;
  private KubernetesStub stub;

  @BeforeEach
  void startStub() throws Exception {
    PROPERTIES.forEach(each -> before.put(each, System.getProperty(each)));
    stub = KubernetesStub.start();
    stub.put(
        "prod", KubernetesSlice.of("x", "orders").port("grpc", 80).pod("a", "10.0.0.1").json());
  }

  @AfterEach
  void restore() {
    stub.close();
    threads.shutdownNow();
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  @Test
  void kubeconfig_tokenAndNamespace_areUsed() throws Exception {
    KubeconfigProperty.use(stub, directory);

    try (WatchedDiscovery watching = KubeconfigProperty.watch("kubernetes:///orders")) {
      watching.seen().await(BOUND, "a");
    }

    assertThat(stub.requests())
        .allSatisfy(
            each ->
                assertThat(each)
                    .contains("/namespaces/prod/")
                    .endsWith(" Bearer of-the-kubeconfig"));
  }

  @Test
  void kubeconfig_otherContent_isUsedFromTheNextLookOn() throws Exception {
    KubeconfigProperty.use(stub, directory);
    try (KubernetesStub other = KubernetesStub.start();
        WatchedDiscovery watching = KubeconfigProperty.watch("kubernetes:///orders")) {
      watching.seen().await(BOUND, "a");
      other.put(
          "prod", KubernetesSlice.of("x", "orders").port("grpc", 80).pod("b", "10.0.0.2").json());

      KubeconfigProperty.use(other, directory);
      watching.refresh();

      watching.seen().await(BOUND, "b");
    }
  }

  @Test
  void kubeconfig_tokenFileBesideIt_isReadForEachRequest() throws Exception {
    Path file = stub.writeKubeconfig(directory.resolve("kubeconfig"), "prod");
    String said = Files.readString(file);
    Files.writeString(file, said.replace("token: of", "tokenFile: the-token\n      token: of"));
    Path token = Files.writeString(directory.resolve("the-token"), "first\n");
    KubeconfigProperty.use(file);
    ApiClient client = ApiClients.open(RegistryCredentials.NONE);
    list(client);

    Files.writeString(token, "second\n");
    list(client);

    assertThat(stub.requests().get(0)).endsWith(" Bearer first");
    assertThat(stub.requests().get(1)).endsWith(" Bearer second");
  }

  @Test
  void kubeconfig_contextThatIsNot_isRefused() throws Exception {
    Path file = stub.writeKubeconfig(directory.resolve("kubeconfig"), "prod");
    String said = Files.readString(file);
    Files.writeString(file, said.replace("current-context: stub", "current-context: other"));
    KubeconfigProperty.use(file);

    assertThatThrownBy(() -> ApiClients.open(RegistryCredentials.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no context that its current-context names");
  }

  @Test
  void kubeconfig_programHangs_failsForOthersUntilItAnswers() throws Exception {
    Path question = pipe("question");
    Path answer = pipe("answer");
    useProgram("echo >" + question + "; cat " + answer);
    CompletableFuture<ApiClient> first = CompletableFuture.supplyAsync(this::open, threads);
    assertThat(Files.readString(question)).isEqualTo("\n"); // it runs

    assertThatThrownBy(() -> ApiClients.open(RegistryCredentials.builder().token("x").build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does the program hang");

    Files.writeString(
        answer,
        """
        {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
         "status": {"token": "of-the-program"}}
        """);
    list(first.get(BOUND.toSeconds(), TimeUnit.SECONDS));
    assertThat(stub.requests().get(0)).endsWith(" Bearer of-the-program");
  }

  @Test
  void kubeconfig_missing_saysWhich() {
    KubeconfigProperty.use(directory.resolve("nowhere"));

    assertThatThrownBy(() -> ApiClients.open(RegistryCredentials.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("KUBECONFIG names no file")
        .hasMessageContaining("nowhere");
  }

  @Test
  void kubeconfig_malformed_isAnErrorAndNoEnd() throws Exception {
    Path file = Files.writeString(directory.resolve("kubeconfig"), "{{{");
    KubeconfigProperty.use(file);
    try (WatchedDiscovery watching = KubeconfigProperty.watch("kubernetes:///orders")) {
      assertThat(watching.seen().nextError(BOUND).getDescription()).contains(file.toString());

      KubeconfigProperty.use(stub, directory);
      watching.refresh();

      watching.seen().await(BOUND, "a");
    }
  }

  @Test
  void credentials_tokenFile_isReadForEachRequest() throws Exception {
    KubeconfigProperty.use(stub, directory);
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    ApiClient client = ApiClients.open(RegistryCredentials.builder().tokenFile(token).build());
    list(client);

    Files.writeString(token, "second\n");
    list(client);

    assertThat(stub.requests().get(0)).endsWith(" Bearer first");
    assertThat(stub.requests().get(1)).endsWith(" Bearer second");
  }

  @Test
  void credentials_tokenThatIsNone_isRefusedWithoutQuotingIt() throws Exception {
    KubeconfigProperty.use(stub, directory);
    ListReader reader = new ListReader();
    ApiClient client = ApiClients.open(RegistryCredentials.builder().token("secret word").build());

    client.get("/", reader);

    assertThat(reader.answer())
        .failsWithin(BOUND)
        .withThrowableThat()
        .withMessageContaining("no single word")
        .withMessageNotContaining("secret");
  }

  @Test
  void pod_tokenOfItsServiceAccount_isReadForEachRequest() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "first");
    System.setProperty("kubernetes.auth.tryKubeConfig", "false");
    System.setProperty("kubernetes.master", stub.url());
    System.setProperty("kubenamespace", directory.resolve("namespace").toString());
    System.setProperty("kubernetes.auth.serviceAccount.token", token.toString());
    Files.writeString(directory.resolve("namespace"), "prod\n");
    ApiClient client = ApiClients.open(RegistryCredentials.NONE);
    list(client);

    Files.writeString(token, "second");
    list(client);

    assertThat(client.namespace()).isEqualTo("prod");
    assertThat(stub.requests().get(0)).endsWith(" Bearer first");
    assertThat(stub.requests().get(1)).endsWith(" Bearer second");
  }

  @Test
  void open_sameFiles_isTheSameClient() throws Exception {
    KubeconfigProperty.use(stub, directory);

    ApiClient client = ApiClients.open(RegistryCredentials.NONE);

    assertThat(ApiClients.open(RegistryCredentials.builder().build())).isSameAs(client);
    assertThat(ApiClients.open(RegistryCredentials.builder().token("x").build()))
        .isNotSameAs(client);
  }

  private ApiClient open() {
    try {
      return ApiClients.open(RegistryCredentials.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path pipe(String name) throws Exception {
    Path pipe = directory.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  /** A kubeconfig whose user has the credentials that a shell prints which runs {@code script}. */
  private void useProgram(String script) throws IOException {
    Path file = stub.writeKubeconfig(directory.resolve("kubeconfig"), "prod");
    String exec =
        """
        exec:
                apiVersion: client.authentication.k8s.io/v1
                interactiveMode: Never
                command: /bin/sh
                args: ["-c", "%s"]"""
            .formatted(script);
    Files.writeString(file, Files.readString(file).replace("token: of-the-kubeconfig", exec));
    KubeconfigProperty.use(file);
  }

  private static void list(ApiClient client) {
    ListReader reader = new ListReader();
    client.get(SliceApi.V1.list("prod", "orders", SliceApi.ANY), reader);
    assertThat(reader.answer()).succeedsWithin(BOUND).matches(ApiAnswer::isOk);
  }
}
