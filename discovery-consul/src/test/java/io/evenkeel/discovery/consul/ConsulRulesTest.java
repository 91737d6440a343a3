package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.consul.ConsulStub.Answer;
import io.evenkeel.discovery.consul.ConsulStub.Request;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.DiscoveryRecorder;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.WatchedDiscovery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a discovery asks and believes, also where the agent does not behave. */
@Timeout(240)
class ConsulRulesTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** Both ends of the few that wait for the next question, whoever asks it. */
  private static final int KEPT_CONNECTIONS = 20;

  private ConsulStub consul;

  @BeforeEach
  void startStub() throws Exception {
    consul = ConsulStub.start();
    consul.publish(7, ConsulStub.instances(1, 2));
  }

  @AfterEach
  void stopStub() {
    consul.close();
  }

  @Test
  void start_theFirstQuestion_isPlainAndTheNextWaitsForAnotherIndex() throws Exception {
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().await(BOUND, "n/1", "n/2");
      Request waiting = awaitRequest(1);

      assertThat(consul.requests().get(0).uri()).isEqualTo("/v1/health/service/orders?passing=1");
      assertThat(waiting.uri())
          .isEqualTo("/v1/health/service/orders?passing=1&index=7&wait=9500ms");
    }
  }

  @Test
  void start_filter_isAskedFor() throws Exception {
    String target = consul.address() + "/a%20b?tag=x,y%26z&dc=east&passing=false&stale=true";

    try (WatchedDiscovery watching = Manner.PLAIN.watchTarget(target)) {
      watching.seen().nextSet(BOUND);

      assertThat(consul.requests().get(0).uri())
          .isEqualTo("/v1/health/service/a%20b?passing=0&stale&dc=east&tag=x&tag=y%26z");
    }
  }

  @Test
  void publish_anotherIndex_isSeenAtOnce() throws Exception {
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().await(BOUND, "n/1", "n/2");

      consul.publish(8, ConsulStub.instances(3));

      watching.seen().await(BOUND, "n/3");
    }
  }

  @Test
  void answer_indexGoesBackwards_isBelievedOnlyAfterAPlainQuestion() throws Exception {
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().await(BOUND, "n/1", "n/2");
      awaitRequest(1);

      consul.publish(3, ConsulStub.instances(4));
      watching.seen().await(BOUND, "n/4");
      Request afterwards = awaitRequest(3);

      assertThat(consul.requests().get(2).isPlain()).isTrue();
      assertThat(afterwards.index()).isEqualTo(3);
    }
  }

  @Test
  void answer_indexZero_isAskedForAsOne() throws Exception {
    consul.publish(0, ConsulStub.instances(1));

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().await(BOUND, "n/1");

      assertThat(awaitRequest(1).index()).isEqualTo(1);
    }
  }

  @Test
  void answer_changesAllTheTime_isAskedOnceASecondAfterTwo() throws Exception {
    AtomicLong index = new AtomicLong(10);
    consul.answer(request -> Answer.ofIndex(index.incrementAndGet(), ConsulStub.instances(1, 2)));

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().nextSet(BOUND);
      long second = awaitRequest(2).nanos();
      long fourth = awaitRequest(4).nanos();

      // Two seconds, less what a busy machine took to bring the second question here.
      assertThat(fourth - second).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1200));
    }
  }

  @Test
  void refresh_whileAQuestionWaits_isAPlainOneBesideIt() throws Exception {
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().nextSet(BOUND);
      awaitRequest(1);

      watching.refresh();
      watching.seen().nextSet(BOUND);

      assertThat(consul.requests()).extracting(Request::isPlain).containsExactly(true, false, true);
    }
  }

  @Test
  void answer_waitEndsWithoutAChange_confirmsTheList() throws Exception {
    Manner hasty = Manner.PLAIN.withLongPoll(Duration.ofMillis(200));

    try (WatchedDiscovery watching = hasty.watch(consul.address())) {
      watching.seen().nextSet(BOUND);

      assertThat(DiscoveryRecorder.ids(watching.seen().nextSet(BOUND)))
          .containsExactly("n/1", "n/2");
    }
  }

  @Test
  void answer_429WithRetryAfter_isNotAskedAgainBefore() throws Exception {
    consul.answer(request -> new Answer(429, Map.of("Retry-After", "1"), "busy"));

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      String error = watching.seen().nextError(BOUND).getDescription();
      consul.recover();
      watching.refresh();
      String meanwhile = watching.seen().nextError(BOUND).getDescription();
      Request next = awaitAsking(watching, 1);

      long rest = next.nanos() - consul.requests().get(0).nanos();
      assertThat(meanwhile).isEqualTo(error);
      assertThat(error)
          .startsWith("consul at " + consul.address())
          .contains("HTTP status 429: busy (asks for 1 s of rest)");
      assertThat(rest).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(990));
    }
  }

  @Test
  void answer_503ToAWaitingQuestion_restsToo() throws Exception {
    consul.answer(
        request ->
            request.isPlain()
                ? consul.serve(request)
                : new Answer(503, Map.of("Retry-After", "1"), ""));

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().nextSet(BOUND);
      watching.seen().nextError(BOUND);
      Request next = awaitAsking(watching, 2);

      long rest = next.nanos() - consul.requests().get(1).nanos();
      assertThat(rest).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(990));
    }
  }

  /** Where there are one or two processors, the JDK uses no common pool. */
  @Test
  void answer_applicationBlocksTheCommonPool_isReadAllTheSame() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
      ForkJoinPool.commonPool().execute(ForkJoinTask.adapt(() -> over.await(30, TimeUnit.SECONDS)));
    }

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().await(BOUND, "n/1", "n/2");
    } finally {
      over.countDown();
    }
  }

  @Test
  void answer_403_namesTheRulesThatAreNeeded() throws Exception {
    consul.answer(request -> Answer.of(403, "Permission denied"));

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .contains("Permission denied (the token needs service \"orders\" { policy = \"read\" }")
          .contains("EVENKEEL_CONSUL_TOKEN or _TOKEN_FILE");
    }
  }

  @Test
  void answer_500_isAnErrorAndTheNextQuestionIsPlain() throws Exception {
    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      watching.seen().nextSet(BOUND);
      awaitRequest(1);
      consul.answer(request -> Answer.of(500, "No cluster leader"));
      consul.publish(8, ConsulStub.instances(1));
      watching.seen().nextSet(BOUND);

      String error = watching.seen().awaitError(BOUND).getDescription();
      consul.recover();
      watching.refresh();
      watching.seen().await(BOUND, "n/1");

      assertThat(error).contains("HTTP status 500: No cluster leader");
    }
  }

  @Test
  void answer_nonsense_isAnErrorThatQuotesIt() throws Exception {
    for (String nonsense : List.of("<html>welcome</html>", "", "{}", "[[[", "null")) {
      consul.answer(request -> Answer.ofIndex(9, nonsense));
      try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("the answer is not Consul's: \"" + nonsense + "\"");
      }
    }
  }

  @Test
  void answer_badElements_areLeftOutAndReported() throws Exception {
    consul.publish(8, "[7,{},{\"Service\":{\"ID\":\"x\"}}," + ConsulStub.instances(1).substring(1));

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      EndpointSet set = watching.seen().await(BOUND, "n/1");

      assertThat(set.problems()).hasSize(3);
    }
  }

  @Test
  void answer_noInstances_saysWhatAnAclMayHide() throws Exception {
    consul.publish(8, "[]");

    try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
      assertThat(watching.seen().nextSet(BOUND).problems())
          .singleElement()
          .asString()
          .contains("node_prefix \"\" { policy = \"read\" }");
    }
  }

  @Test
  void silence_ofAPlainQuestion_isAnErrorInTime() throws Exception {
    Manner hasty = Manner.PLAIN.withAnswerTimeout(Duration.ofMillis(500));
    consul.answer(request -> ConsulStub.SILENCE);

    try (WatchedDiscovery watching = hasty.watch(consul.address())) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .endsWith(consul.address() + ": no answer within 500 ms");
    }
  }

  @Test
  void silence_ofAWaitingQuestion_isNoticedAndAskedPlainly() throws Exception {
    Manner hasty =
        Manner.PLAIN.withLongPoll(Duration.ofMillis(200)).withAnswerTimeout(Duration.ofSeconds(1));
    consul.answer(request -> request.isPlain() ? consul.serve(request) : ConsulStub.SILENCE);

    try (WatchedDiscovery watching = hasty.watch(consul.address())) {
      watching.seen().nextSet(BOUND);
      awaitRequest(1);
      consul.publish(8, ConsulStub.instances(5));

      watching.seen().await(BOUND, "n/5");
    }
  }

  @Test
  void agents_theFirstIsDown_theSecondIsAsked() throws Exception {
    ConsulStub gone = ConsulStub.start();
    gone.close();

    try (WatchedDiscovery watching = Manner.PLAIN.watch(gone.address() + "," + consul.address())) {
      watching.seen().await(BOUND, "n/1", "n/2");
    }
  }

  @Test
  void agents_theOneThatAnswersDies_goesOverWithoutAnError() throws Exception {
    ConsulStub other = ConsulStub.start();
    other.publish(100, ConsulStub.instances(8));
    try (WatchedDiscovery watching = Manner.PLAIN.watch(other.address() + "," + consul.address())) {
      watching.seen().await(BOUND, "n/8");
      Await.until(BOUND, other.requests()::size, size -> size == 2);

      other.close();

      assertThat(DiscoveryRecorder.ids(watching.seen().nextSet(BOUND)))
          .containsExactly("n/1", "n/2");
    }
  }

  @Test
  void agents_allDown_isOneErrorThatNamesThem() throws Exception {
    String address = consul.address();
    consul.close();

    try (WatchedDiscovery watching = Manner.PLAIN.watch(address + "," + address)) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .isEqualTo(
              "consul at %s,%s: %s: Connection refused".formatted(address, address, address));
      assertThat(watching.seen().size()).isZero();
    }
  }

  @Test
  void token_inAFileThatChanges_isReadAgain(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "one\n");
    RegistryCredentials credentials = RegistryCredentials.builder().tokenFile(file).build();
    Manner withToken = Manner.PLAIN.withCredentials(credentials);

    try (WatchedDiscovery watching = withToken.watch(consul.address())) {
      watching.seen().nextSet(BOUND);
      awaitRequest(1);
      Files.writeString(file, "two\n");
      watching.refresh();
      awaitRequest(2);

      assertThat(consul.requests()).extracting(Request::token).containsExactly("one", "one", "two");
    }
  }

  @Test
  void token_thatNoHeaderTakes_isRefusedWithoutShowingIt() throws Exception {
    RegistryCredentials credentials = RegistryCredentials.builder().token("sec\nret").build();
    Manner withToken = Manner.PLAIN.withCredentials(credentials);

    try (WatchedDiscovery watching = withToken.watch(consul.address())) {
      assertThat(watching.seen().nextError(BOUND).getDescription())
          .contains("the token is no single word")
          .doesNotContain("sec");
    }
  }

  @Test
  void budget_noTurnLeftToWait_looksAtAnInterval() throws Exception {
    Manner crowded = Manner.PLAIN.withBudget(Manner.budget(0));

    try (WatchedDiscovery watching = crowded.watch(consul.address())) {
      watching.seen().await(BOUND, "n/1", "n/2");
      consul.publish(8, ConsulStub.instances(3));
      watching.seen().await(BOUND, "n/3");

      assertThat(consul.requests()).allMatch(Request::isPlain);
    }
  }

  @Test
  void close_aTurnThatWaited_isGivenBack() throws Exception {
    Manner single = Manner.PLAIN.withBudget(Manner.budget(1));
    WatchedDiscovery first = single.watch(consul.address());
    awaitRequest(1);

    first.close();

    try (WatchedDiscovery second = single.watch(consul.address())) {
      Await.until(BOUND, consul.requests()::size, size -> size >= 4);
      assertThat(consul.requests()).anyMatch(each -> each.number() > 1 && !each.isPlain());
      assertThat(second.seen().size()).isPositive();
    }
  }

  @Test
  void close_manyTimes_leavesNeitherThreadNorFile() throws Exception {
    openAndClose(1);
    Leftovers before = Leftovers.now();

    openAndClose(50);

    Await.until(
        BOUND,
        Leftovers::now,
        now ->
            now.count("evenkeel") <= before.count("evenkeel")
                && now.files() <= before.files() + KEPT_CONNECTIONS);
  }

  private void openAndClose(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
        watching.seen().nextSet(BOUND);
      }
    }
  }

  /** The request of this number, for which somebody looks again and again. */
  private Request awaitAsking(WatchedDiscovery watching, int number) throws Exception {
    List<Request> made =
        Await.until(
            BOUND,
            () -> {
              watching.refresh();
              return consul.requests();
            },
            all -> all.size() > number);
    return made.get(number);
  }

  private Request awaitRequest(int number) throws Exception {
    return Await.until(BOUND, consul::requests, all -> all.size() > number).get(number);
  }
}
