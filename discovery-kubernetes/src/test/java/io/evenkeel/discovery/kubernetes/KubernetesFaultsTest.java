package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.KubernetesSlice;
import io.evenkeel.testkit.process.KubernetesStub;
import io.evenkeel.testkit.process.KubernetesStub.Answer;
import io.evenkeel.testkit.process.KubernetesStub.Question;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may go wrong between an API server and its client. */
class KubernetesFaultsTest extends OnKubernetesStub {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String TARGET = "kubernetes:///orders.prod:grpc";

  @BeforeEach
  void putInstances() {
    put("a");
    put("b");
  }

  @Test
  void watch_expiredInTheStream_listsAgain() throws Exception {
    try (WatchedDiscovery watching = start()) {
      long before = count(list());

      stub.sendToWatches(
          "{\"type\":\"ERROR\",\"object\":" + KubernetesStub.status(410, "expired") + "}\n");

      Await.until(BOUND, () -> count(list()), now -> now == before + 1);
      put("c");
      watching.seen().await(BOUND, "a", "b", "c");
    }
  }

  @Test
  void watch_expiredAsAStatus_isAFailureAndRightAfterIt() throws Exception {
    stub.refuse(Question.WATCH, new Answer(410, KubernetesStub.status(410, "expired"), -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      watching.seen().await(BOUND, "a", "b");
      assertThat(watching.seen().awaitError(BOUND).getDescription()).contains("410", "expired");

      stub.refuse(Question.WATCH, null);
      watching.refresh();
      watching.seen().await(BOUND, "a", "b");
      put("c");

      watching.seen().await(BOUND, "a", "b", "c");
    }
  }

  @Test
  void list_versionThatIsGone_asksForTheNewest() throws Exception {
    try (WatchedDiscovery watching = start()) {
      // What a restored etcd has is older than what was seen.
      stub.restore(50);
      stub.delete("prod", "orders-a");
      stub.endWatches();
      watching.refresh();

      watching.seen().await(BOUND, "b");
      put("c");
      watching.seen().await(BOUND, "b", "c");
    }
  }

  @Test
  void watch_endsInOrder_goesOnFromTheBookmark() throws Exception {
    try (WatchedDiscovery watching = start()) {
      stub.put("prod", slice("other", "other"));
      stub.bookmark();
      Await.until(BOUND, watching.seen()::size, size -> size == 0);
      long before = count(list());
      watching.advance(Duration.ofSeconds(2));

      stub.endWatches();
      Await.until(BOUND, stub::watches, open -> open == 1);
      put("c");

      watching.seen().await(BOUND, "a", "b", "c");
      assertThat(count(list())).isEqualTo(before);
      assertThat(last(watchRequest())).contains("resourceVersion=104");
    }
  }

  @Test
  void watch_silentAboutAChange_isSeenByALookAndReplaced() throws Exception {
    try (WatchedDiscovery watching = start()) {
      stub.silence(true);
      put("c");
      stub.silence(false);

      watching.refresh();

      watching.seen().await(BOUND, "a", "b", "c");
      Await.until(BOUND, () -> count(watchRequest()), all -> all == 2);
      put("d");
      watching.seen().await(BOUND, "a", "b", "c", "d");
    }
  }

  @Test
  void watch_silentForLong_isReplacedByTheNextLook() throws Exception {
    try (WatchedDiscovery watching = start()) {
      watching.advance(KubernetesDiscovery.SILENCE.plusSeconds(1));

      watching.refresh();

      Await.until(BOUND, () -> count(watchRequest()), all -> all == 2);
      Await.until(BOUND, stub::watches, open -> open == 1);
    }
  }

  @Test
  void watch_eventInPieces_isPutTogether() throws Exception {
    try (WatchedDiscovery watching = start()) {
      String first = "{\"type\":\"ADDED\",\"object\":" + slice("orders-c", "orders") + "}\n";
      String second = "{\"type\":\"ADDED\",\"object\":" + slice("orders-d", "orders") + "}\n";

      stub.sendToWatches(first.substring(0, 40));
      stub.sendToWatches(first.substring(40) + second);

      watching.seen().await(BOUND, "a", "b", "c", "d");
    }
  }

  @Test
  void watch_nonsense_isFollowedByAList() throws Exception {
    try (WatchedDiscovery watching = start()) {
      long before = count(list());

      stub.sendToWatches("<html>gateway</html>\n");

      Await.until(BOUND, () -> count(list()), now -> now == before + 1);
      put("c");
      watching.seen().await(BOUND, "a", "b", "c");
    }
  }

  @Test
  void watch_forbidden_namesTheVerbAndUsesTheList() throws Exception {
    stub.refuse(
        Question.WATCH, new Answer(403, KubernetesStub.status(403, forbidden("watch")), -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      watching.seen().await(BOUND, "a", "b");

      assertThat(watching.seen().awaitError(BOUND).getDescription())
          .contains(
              "\"system:serviceaccount:shop:web\" may not watch endpointslices.discovery.k8s.io")
          .contains("in the namespace \"prod\"")
          .contains("kubectl -n prod create role evenkeel-discovery --verb=list,watch")
          .contains("--serviceaccount=shop:web");
    }
  }

  @Test
  void list_forbidden_namesTheVerb() throws Exception {
    stub.refuse(Question.LIST, new Answer(403, KubernetesStub.status(403, forbidden("list")), -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .startsWith("Kubernetes at " + stub.url() + ": ")
          .contains("may not list endpointslices.discovery.k8s.io");
    }
  }

  @Test
  void list_forbiddenToNobody_proposesNoGrant() throws Exception {
    String said = forbidden("list").replace("system:serviceaccount:shop:web", "system:anonymous");
    stub.refuse(Question.LIST, new Answer(403, KubernetesStub.status(403, said), -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .contains("the request came without credentials that this API server takes", said)
          .doesNotContain("create role");
    }
  }

  private static String forbidden(String verb) {
    return "endpointslices.discovery.k8s.io is forbidden: User \"system:serviceaccount:shop:web\""
        + " cannot "
        + verb
        + " resource \"endpointslices\" in API group \"discovery.k8s.io\" in the namespace \"prod\"";
  }

  @Test
  void list_unauthorized_saysSo() throws Exception {
    stub.refuse(Question.LIST, new Answer(401, KubernetesStub.status(401, "Unauthorized"), -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .contains("the credentials are not accepted: Unauthorized");
    }
  }

  @Test
  void list_tooManyRequests_leavesItAlone() throws Exception {
    stub.refuse(Question.LIST, new Answer(429, KubernetesStub.status(429, "busy"), 3));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription()).contains("429", "busy", "3 s");
      stub.refuse(Question.LIST, null);

      watching.refresh();
      assertThat(watching.seen().nextError(BOUND).getDescription()).contains("429");
      assertThat(count(list())).isEqualTo(1);

      watching.advance(Duration.ofSeconds(4));
      watching.refresh();
      watching.seen().await(BOUND, "a", "b");
    }
  }

  @Test
  void list_serverError_isNotRepeatedAndKeepsTheWatch() throws Exception {
    try (WatchedDiscovery watching = start()) {
      int before = Math.toIntExact(count(list()));
      stub.refuse(Question.LIST, new Answer(500, "internal\u0000 error\n", -1));

      watching.refresh();

      assertThat(watching.seen().nextError(BOUND).getDescription())
          .endsWith("HTTP status 500: internal error");
      // The client by itself would ask ten times more. A connection that breaks is one list more.
      assertThat(stub.requests()).filteredOn(list()).hasSizeBetween(before + 1, before + 2);
      put("c");
      watching.seen().await(BOUND, "a", "b", "c");
    }
  }

  @Test
  void list_nonsense_isAnError() throws Exception {
    stub.refuse(Question.LIST, new Answer(200, "<html>hello</html>", -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .contains("the answer is not Kubernetes': \"<html>hello</html>\"");
    }
  }

  @Test
  void list_redirect_isNotFollowed() throws Exception {
    stub.refuse(Question.LIST, new Answer(302, "elsewhere", -1));
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .endsWith("HTTP status 302: elsewhere");
    }
  }

  @Test
  void list_apiOfOldServersOnly_isUsed() throws Exception {
    stub.serve("v1beta1");
    try (WatchedDiscovery watching = start()) {
      put("c");

      watching.seen().await(BOUND, "a", "b", "c");
      assertThat(last(watchRequest())).contains("/v1beta1/");
    }
  }

  @Test
  void list_noSuchApi_saysSoAndTriesAgain() throws Exception {
    stub.serve("v9");
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .contains("no EndpointSlices are served here");

      stub.serve("v1");
      watching.refresh();

      watching.seen().await(BOUND, "a", "b");
    }
  }

  @Test
  void list_noSliceOfTheService_saysWhereItLooked() throws Exception {
    try (WatchedDiscovery watching = KubeconfigProperty.watch("kubernetes:///nobody")) {
      assertThat(watching.seen().nextSet(BOUND).problems())
          .singleElement()
          .asString()
          .contains("namespace \"prod\"", "kubectl -n prod get service nobody");
    }
  }

  @Test
  void restart_changesMeanwhile_areSeen() throws Exception {
    try (WatchedDiscovery watching = start()) {
      stub.stop();
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .startsWith("Kubernetes at " + stub.url() + ": ")
          .contains("Connection refused");
      stub.delete("prod", "orders-a");
      put("c");
      stub.launch();
      watching.refresh();

      watching.seen().await(BOUND, "b", "c");
      put("d");
      watching.seen().await(BOUND, "b", "c", "d");
    }
  }

  @Test
  void down_atTheStart_isAnErrorAndWorksOnceItIsUp() throws Exception {
    stub.stop();
    try (WatchedDiscovery watching = KubeconfigProperty.watch(TARGET)) {
      watching.seen().nextError(BOUND);

      stub.launch();
      watching.refresh();

      watching.seen().await(BOUND, "a", "b");
    }
  }

  @Test
  void close_watchOpen_endsIt() throws Exception {
    WatchedDiscovery watching = start();
    Await.until(BOUND, stub::watches, open -> open == 1);

    watching.close();

    Await.until(BOUND, stub::watches, open -> open == 0);
  }

  /** Watches, and has heard of an event. */
  private WatchedDiscovery start() throws Exception {
    WatchedDiscovery watching = KubeconfigProperty.watch(TARGET);
    watching.seen().await(BOUND, "a", "b");
    Await.until(BOUND, stub::watches, open -> open == 1);
    put("b");
    watching.seen().await(BOUND, "a", "b");
    return watching;
  }

  private void put(String pod) {
    stub.put("prod", slice("orders-" + pod, "orders"));
  }

  private static JsonObject slice(String name, String service) {
    String pod = name.replaceAll(".*-", "");
    return KubernetesSlice.of(name, service)
        .port("grpc", 8080)
        .pod(pod, "10.0.0." + (1 + pod.charAt(0) - 'a'))
        .json();
  }

  private long count(Predicate<String> kind) {
    return stub.requests().stream().filter(kind).count();
  }

  private String last(Predicate<String> kind) {
    List<String> all = stub.requests().stream().filter(kind).toList();
    return all.get(all.size() - 1);
  }

  private static Predicate<String> watchRequest() {
    return each -> each.contains("watch=true");
  }

  private static Predicate<String> list() {
    return watchRequest().negate();
  }
}
