package io.evenkeel.subset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Endpoint;
import io.evenkeel.subset.SubsetConfig.Algorithm;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SubsetTest {
  private static final long SEED = 42;

  @Test
  void chosen_rendezvous_areAsManyAsConfigured() {
    Subset<String> subset = rendezvous(20, SEED, servers(300));

    assertThat(subset.chosen()).hasSize(20).doesNotHaveDuplicates();
    assertThat(subset.chosen()).allSatisfy(key -> assertThat(subset.fraction(key)).isEqualTo(1));
  }

  @Test
  void chosen_fewerServersThanWanted_areAll() {
    assertThat(rendezvous(20, SEED, servers(7)).chosen())
        .containsExactlyInAnyOrderElementsOf(servers(7).keySet());
  }

  @Test
  void chosen_noServers_isEmpty() {
    Subset<String> subset = rendezvous(20, SEED, Map.of());

    assertThat(subset.chosen()).isEmpty();
    assertThat(subset.fraction("10.0.0.0:80")).isZero();
    assertThat(subset.judge("10.0.0.0:80", Verdict.BAD)).isFalse();
  }

  @Test
  void chosen_otherOrderOfTheList_isTheSame() {
    List<Map.Entry<String, Endpoint>> shuffled = new ArrayList<>(servers(300).entrySet());
    Collections.shuffle(shuffled, new Random(1));
    Map<String, Endpoint> other = new LinkedHashMap<>();
    shuffled.forEach(entry -> other.put(entry.getKey(), entry.getValue()));

    assertThat(rendezvous(20, SEED, other).chosen())
        .isEqualTo(rendezvous(20, SEED, servers(300)).chosen());
  }

  @Test
  void chosen_serversShareAHashKey_doesNotDependOnTheListEither() {
    Map<String, String> shared = Map.of("hashKey", "same");
    Map<String, Endpoint> servers = servers(5);
    servers.replaceAll((key, endpoint) -> endpoint.withMetadata(shared));
    List<String> keys = new ArrayList<>(servers.keySet());
    Collections.reverse(keys);
    Map<String, Endpoint> reversed = new LinkedHashMap<>();
    keys.forEach(key -> reversed.put(key, servers(5).get(key).withMetadata(shared)));

    assertThat(rendezvous(2, SEED, reversed).chosen())
        .isEqualTo(rendezvous(2, SEED, servers).chosen());
  }

  @Test
  void choose_oneOf300Leaves_movesAtMostOneConnectionOfEachClient() {
    Map<String, Endpoint> without = servers(300);
    String left = "10.0.0.77:80";
    without.remove(left);
    int moved = 0;
    for (int client = 0; client < 300; client++) {
      Subset<String> subset = rendezvous(20, client, servers(300));
      Set<String> before = Set.copyOf(subset.chosen());

      subset.choose(without);

      Set<String> added = new HashSet<>(subset.chosen());
      added.removeAll(before);
      assertThat(added).hasSize(before.contains(left) ? 1 : 0);
      moved += added.size();
    }
    // 20 of 300 clients are expected to have been connected to it.
    assertThat(moved).isBetween(8, 36);
  }

  @Test
  void choose_oneComes_movesAtMostOneConnectionOfEachClient() {
    for (int client = 0; client < 300; client++) {
      Subset<String> subset = rendezvous(20, client, servers(300));
      Set<String> before = new HashSet<>(subset.chosen());

      subset.choose(servers(301));

      before.removeAll(subset.chosen());
      assertThat(before).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void chosen_clientsWithOtherSeeds_reachEveryServer() {
    Set<String> reached = new HashSet<>();
    for (int client = 0; client < 300; client++) {
      reached.addAll(rendezvous(20, client, servers(300)).chosen());
    }

    assertThat(reached).hasSize(300);
  }

  @Test
  void judge_oneIsBad_takesTheNextIn() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));
    List<String> order = rendezvous(10, SEED, servers(10)).chosen();

    boolean changed = subset.judge(order.get(1), Verdict.BAD);

    assertThat(changed).isTrue();
    assertThat(subset.chosen()).isEqualTo(order.subList(0, 4));
  }

  @Test
  void judge_sameVerdictAgain_changesNothing() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));
    subset.judge(subset.chosen().get(1), Verdict.BAD);

    assertThat(subset.judge(subset.chosen().get(1), Verdict.BAD)).isFalse();
    assertThat(subset.judge(subset.chosen().get(0), Verdict.GOOD)).isFalse();
    assertThat(subset.chosen()).hasSize(4);
  }

  @Test
  void judge_itRecovers_letsTheLastGo() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));
    List<String> before = subset.chosen();
    subset.judge(before.get(0), Verdict.BAD);

    assertThat(subset.judge(before.get(0), Verdict.GOOD)).isTrue();
    assertThat(subset.chosen()).isEqualTo(before);
  }

  @Test
  void judge_allAreBad_choosesAll() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));

    for (int i = 0; i < subset.chosen().size(); i++) {
      subset.judge(subset.chosen().get(i), Verdict.BAD);
    }

    assertThat(subset.chosen()).hasSize(10);
  }

  @Test
  void judge_notChosen_isIgnored() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));
    List<String> order = rendezvous(10, SEED, servers(10)).chosen();
    subset.judge(order.get(3), Verdict.BAD);

    subset.judge(order.get(0), Verdict.BAD);

    assertThat(subset.chosen()).isEqualTo(order.subList(0, 4));
  }

  @Test
  void choose_listChanges_keepsVerdicts() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));
    List<String> order = rendezvous(10, SEED, servers(10)).chosen();
    subset.judge(order.get(0), Verdict.BAD);
    subset.judge(order.get(1), Verdict.BAD);
    Map<String, Endpoint> without = servers(10);
    without.remove(order.get(1));

    subset.choose(without);

    assertThat(subset.chosen())
        .containsExactly(order.get(0), order.get(2), order.get(3), order.get(4));
  }

  @Test
  void use_otherSize_choosesByIt() {
    Subset<String> subset = rendezvous(3, SEED, servers(10));

    subset.use(new SubsetConfig(5, Algorithm.RENDEZVOUS, Optional.empty()));

    assertThat(subset.chosen()).isEqualTo(rendezvous(5, SEED, servers(10)).chosen());
  }

  @ParameterizedTest
  @CsvSource({
    "300, 300, 20",
    "300,  37, 20",
    "  7, 300, 20",
    "  1,   5,  2",
    "  5,   1, 20",
    "  1,   1,  1",
    " 13,  11,  3",
    "299, 307, 20",
    " 40,   6,  4",
  })
  void chosen_apertureOfAllClients_loadsAllServersTheSame(int clients, int servers, int size) {
    Map<String, Double> load = new HashMap<>();
    for (int client = 0; client < clients; client++) {
      Subset<String> subset = aperture(size, new Peers(client, clients), servers(servers));
      double all = subset.chosen().stream().mapToDouble(subset::fraction).sum();
      subset.chosen().forEach(key -> load.merge(key, subset.fraction(key) / all, Double::sum));
    }

    double even = (double) clients / servers;
    assertThat(load).hasSize(servers);
    assertThat(load.values()).allSatisfy(each -> assertThat(each).isCloseTo(even, within(1e-9)));
  }

  @ParameterizedTest
  @CsvSource({"300, 300, 20, 20", "300, 37, 20, 22", "7, 300, 20, 44", "1, 5, 2, 5"})
  void chosen_aperture_isNotMuchLargerThanItMustBe(int clients, int servers, int size, int most) {
    for (int client = 0; client < clients; client++) {
      Subset<String> subset = aperture(size, new Peers(client, clients), servers(servers));

      assertThat(subset.chosen()).doesNotHaveDuplicates().hasSizeBetween(size, most);
      assertThat(subset.chosen())
          .allSatisfy(key -> assertThat(subset.fraction(key)).isBetween(1e-9, 1.0));
    }
  }

  @Test
  void judge_aTenthIsBad_loadsTheRestNearlyTheSame() {
    Map<String, Double> load = new HashMap<>();
    Random random = new Random(3);
    Set<String> bad = new HashSet<>();
    servers(300).keySet().stream().filter(key -> random.nextInt(10) == 0).forEach(bad::add);
    for (int client = 0; client < 300; client++) {
      Subset<String> subset = aperture(20, new Peers(client, 300), servers(300));
      for (int i = 0; i < subset.chosen().size(); i++) {
        String key = subset.chosen().get(i);
        subset.judge(key, bad.contains(key) ? Verdict.BAD : Verdict.GOOD);
      }
      List<String> good = subset.chosen().stream().filter(key -> !bad.contains(key)).toList();
      assertThat(good).hasSize(20);
      good.forEach(key -> load.merge(key, 1 / 20.0, Double::sum));
    }

    assertThat(load).hasSize(300 - bad.size());
    double even = 300.0 / (300 - bad.size());
    assertThat(load.values())
        .allSatisfy(each -> assertThat(each).isBetween(0.75 * even, 1.35 * even));
  }

  @Test
  void chosen_apertureThatNobodyToldWhereItStands_drawsItsOwn() {
    SubsetConfig config = new SubsetConfig(20, Algorithm.APERTURE, Optional.empty());
    Subset<String> subset = new Subset<>(config, SEED);

    subset.choose(servers(300));

    assertThat(subset.chosen()).isEqualTo(rendezvous(20, SEED, servers(300)).chosen());
  }

  @Test
  void use_peersBecomeKnown_choosesTheArc() {
    SubsetConfig config = new SubsetConfig(20, Algorithm.APERTURE, Optional.empty());
    Subset<String> subset = new Subset<>(config, SEED);
    subset.choose(servers(300));

    subset.use(new Peers(3, 300));

    assertThat(subset.chosen()).isEqualTo(aperture(20, new Peers(3, 300), servers(300)).chosen());
  }

  @Test
  void use_peersOfTheConfig_win() {
    Subset<String> subset = aperture(20, new Peers(3, 300), servers(300));
    List<String> before = subset.chosen();

    subset.use(new Peers(150, 300));

    assertThat(subset.chosen()).isEqualTo(before);
  }

  @Test
  void choose_tenThousand_failOneByOne_connectsToAllInTheEnd() {
    Subset<String> subset = rendezvous(5_000, SEED, servers(10_000));
    List<String> order = rendezvous(10_000, SEED, servers(10_000)).chosen();

    for (int failed = 0; failed < 5_000; failed++) {
      assertThat(subset.judge(order.get(failed), Verdict.BAD)).isTrue();
    }

    assertThat(subset.chosen()).hasSize(10_000);
  }

  private static Subset<String> rendezvous(int size, long seed, Map<String, Endpoint> servers) {
    Subset<String> subset =
        new Subset<>(new SubsetConfig(size, Algorithm.RENDEZVOUS, Optional.empty()), seed);
    subset.choose(servers);
    return subset;
  }

  private static Subset<String> aperture(int size, Peers peers, Map<String, Endpoint> servers) {
    Subset<String> subset =
        new Subset<>(new SubsetConfig(size, Algorithm.APERTURE, Optional.of(peers)), SEED);
    subset.choose(servers);
    return subset;
  }

  private static Map<String, Endpoint> servers(int count) {
    Map<String, Endpoint> servers = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String host = "10.0." + i / 250 + "." + i % 250;
      servers.put(host + ":80", Endpoint.of(new InetSocketAddress(host, 80)));
    }
    return servers;
  }
}
