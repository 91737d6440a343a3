package io.evenkeel.locality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.locality.TrafficSplit.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables are those of Envoy's documentation, which cuts percents off after the point. */
final class TrafficSplitTest {
  private static final Offset<Double> A_PERCENT = within(0.0101);
  private static final Offset<Double> EXACT = within(1e-9);
  private static final LocalityConfig NO_ZONES = new LocalityConfig(50, 140, false, "", Map.of());

  @ParameterizedTest
  @CsvSource({
    "100, 100, 100, 0",
    " 72,  72, 100, 0",
    " 71, 100,  99, 1",
    " 50,  50,  70, 30",
    " 25, 100,  35, 65",
    " 25,  72,  35, 65",
    "  0, 100,   0, 100",
    "  0,  72,   0, 100",
  })
  void of_twoPriorities_spillsAsEnvoysTable(int first, int second, int toFirst, int toSecond) {
    List<Share> shares = TrafficSplit.of(NO_ZONES, List.of(percent(0, first), percent(1, second)));

    assertThat(shares.get(0).part()).isCloseTo(toFirst / 100.0, A_PERCENT);
    assertThat(shares.get(1).part()).isCloseTo(toSecond / 100.0, A_PERCENT);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100, 100, 100,  0,  0",
    " 72, 100, 100, 100,  0,  0",
    " 71, 100, 100,  99,  1,  0",
    " 50,  50,  20,  70, 30,  0",
    " 25,  25, 100,  35, 35, 30",
  })
  void of_threePriorities_spillsOnlyAsFarAsItMust(
      int first, int second, int third, int toFirst, int toSecond, int toThird) {
    List<Share> shares =
        TrafficSplit.of(
            NO_ZONES, List.of(percent(0, first), percent(1, second), percent(7, third)));

    assertThat(shares.get(0).part()).isCloseTo(toFirst / 100.0, A_PERCENT);
    assertThat(shares.get(1).part()).isCloseTo(toSecond / 100.0, A_PERCENT);
    assertThat(shares.get(2).part()).isCloseTo(toThird / 100.0, A_PERCENT);
  }

  @ParameterizedTest
  @CsvSource({
    "72, 72, 100, false,  0, false",
    "71, 72,  99, false,  1, false",
    "50, 60,  70, false, 30, false",
    "25, 100, 35, false, 65, false",
    "25, 25,  50, true,  50, true",
    " 5, 65,   7, true,  93, false",
  })
  void of_fewAreGood_panicsAsEnvoysTable(
      int first, int second, int toFirst, boolean firstPanics, int toSecond, boolean secondPanics) {
    List<Share> shares = TrafficSplit.of(NO_ZONES, List.of(percent(0, first), percent(1, second)));

    assertThat(shares.get(0).part()).isCloseTo(toFirst / 100.0, A_PERCENT);
    assertThat(shares.get(0).panics()).isEqualTo(firstPanics);
    assertThat(shares.get(1).part()).isCloseTo(toSecond / 100.0, A_PERCENT);
    assertThat(shares.get(1).panics()).isEqualTo(secondPanics);
  }

  @ParameterizedTest
  @CsvSource({"50, false", "49, true", "0, true"})
  void of_onePriority_panicsBelowTheThreshold(int good, boolean panics) {
    assertThat(TrafficSplit.of(NO_ZONES, List.of(percent(0, good))))
        .containsExactly(new Share(1, panics));
  }

  @Test
  void of_thresholdIsZero_neverPanics() {
    LocalityConfig never = new LocalityConfig(0, 140, false, "", Map.of());

    assertThat(TrafficSplit.of(never, List.of(percent(0, 0), percent(1, 0))))
        .containsExactly(new Share(0, false), new Share(0, false));
  }

  @Test
  void of_nothingIsKnownOfTheFirst_goesToTheSecond() {
    List<Share> shares =
        TrafficSplit.of(NO_ZONES, List.of(new Locality(0, "", 0, 0, 0), percent(1, 100)));

    assertThat(shares).containsExactly(new Share(0, false), new Share(1, false));
  }

  @Test
  void of_theFirstIsDeadAndTheSecondPanics_goesToTheSecond() {
    List<Share> shares =
        TrafficSplit.of(NO_ZONES, List.of(new Locality(0, "", 5, 0, 0), percent(1, 10)));

    assertThat(shares).containsExactly(new Share(0, false), new Share(1, true));
  }

  @Test
  void of_localZoneHasItsPart_keepsAllCalls() {
    List<Share> shares =
        TrafficSplit.of(inZone("a", Map.of()), List.of(zone("a", 10, 10), zone("b", 10, 10)));

    assertThat(shares).containsExactly(new Share(1, false), new Share(0, false));
  }

  @Test
  void of_localZoneIsTooSmall_spillsToThoseWithRoom() {
    // Clients: a third each. Capacity: 0.1, 0.3, 0.6. a keeps 0.1 of its 1/3; only c can spare.
    List<Share> shares =
        TrafficSplit.of(
            inZone("a", Map.of()),
            List.of(zone("a", 10, 10), zone("b", 30, 30), zone("c", 60, 60)));

    assertThat(shares.get(0).part()).isCloseTo(0.3, EXACT);
    assertThat(shares.get(1).part()).isCloseTo(0, EXACT);
    assertThat(shares.get(2).part()).isCloseTo(0.7, EXACT);
  }

  @Test
  void of_manyClientsAreLocal_spillsInProportionToWhatOthersCanSpare() {
    // Capacity: a third each. b can spare 1/3 - 0.1, c 1/3 - 0.2; a keeps (1/3) / 0.7.
    List<Share> shares =
        TrafficSplit.of(
            inZone("a", Map.of("a", 70.0, "b", 10.0, "c", 20.0)),
            List.of(zone("a", 10, 10), zone("b", 10, 10), zone("c", 10, 10)));

    double kept = 1 / 3.0 / 0.7;
    double spareB = 1 / 3.0 - 0.1;
    double spareC = 1 / 3.0 - 0.2;
    assertThat(shares.get(0).part()).isCloseTo(kept, EXACT);
    assertThat(shares.get(1).part()).isCloseTo((1 - kept) * spareB / (spareB + spareC), EXACT);
    assertThat(shares.get(2).part()).isCloseTo((1 - kept) * spareC / (spareB + spareC), EXACT);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1.0", // as many as there should be
    " 8, 1.0", // 1.4 x 8 are more than there should be
    " 7, 0.98", // 1.4 x 7 of 20 are 0.49 of all calls; the clients here make 0.5
    " 5, 0.7",
    " 4, 0.571428571", // 1.4 x 4 of 20 are less than 4 of 14
    " 1, 0.181818182",
  })
  void of_localZoneLosesSome_keepsWhatItBears(int good, double kept) {
    List<Share> shares =
        TrafficSplit.of(inZone("a", Map.of()), List.of(zone("a", 10, good), zone("b", 10, 10)));

    assertThat(shares.get(0).part()).isCloseTo(kept, EXACT);
    assertThat(shares.get(1).part()).isCloseTo(1 - kept, EXACT);
  }

  @Test
  void of_localZoneIsLost_goesToThoseWithRoom() {
    // Clients: a third each. Capacity: 0, 1/4, 3/4. The clients of b need all that b has.
    List<Share> shares =
        TrafficSplit.of(
            inZone("a", Map.of()), List.of(zone("a", 10, 0), zone("b", 10, 10), zone("c", 30, 30)));

    assertThat(shares.get(0).part()).isZero();
    assertThat(shares.get(1).part()).isZero();
    assertThat(shares.get(2).part()).isCloseTo(1, EXACT);
  }

  @Test
  void of_localZoneIsLostAndHasNoClients_goesByCapacity() {
    List<Share> shares =
        TrafficSplit.of(
            inZone("a", Map.of("b", 1.0, "c", 3.0)),
            List.of(zone("a", 10, 0), zone("b", 10, 10), zone("c", 30, 30)));

    assertThat(shares.get(1).part()).isCloseTo(0.25, EXACT);
    assertThat(shares.get(2).part()).isCloseTo(0.75, EXACT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "elsewhere"})
  void of_localZoneIsNotAmongThem_goesByCapacity(String local) {
    List<Share> shares =
        TrafficSplit.of(inZone(local, Map.of()), List.of(zone("a", 10, 10), zone("b", 30, 30)));

    assertThat(shares.get(0).part()).isCloseTo(0.25, EXACT);
    assertThat(shares.get(1).part()).isCloseTo(0.75, EXACT);
  }

  @Test
  void of_anyGroups_sharesAddUpToOneOrNobodyCanTakeCalls() {
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      List<Locality> groups = randomGroups(random);
      LocalityConfig config =
          new LocalityConfig(random.nextInt(101), 140, random.nextBoolean(), "z0", Map.of());

      List<Share> shares = TrafficSplit.of(config, groups);

      double sum = shares.stream().mapToDouble(Share::part).sum();
      boolean anyGood = groups.stream().anyMatch(group -> group.good() > 0);
      boolean anyUsable = groups.stream().anyMatch(group -> group.usable() > 0);
      if (anyGood || (anyUsable && config.panicThreshold() > 0)) {
        assertThat(sum).as("%s of %s by %s", shares, groups, config).isCloseTo(1, EXACT);
      } else {
        assertThat(sum).as("%s of %s by %s", shares, groups, config).isZero();
      }
      for (int i = 0; i < shares.size(); i++) {
        assertThat(shares.get(i).part()).isBetween(0.0, 1 + 1e-9);
        if (shares.get(i).part() > 0) {
          assertThat(groups.get(i).usable()).as("%s of %s", shares, groups).isPositive();
        }
      }
    }
  }

  /** A share is fair that an endpoint gets while all are good. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void of_lostZoneComesBack_noEndpointGetsMoreThanTwoFairShares(int zones) {
    for (int size = 1; size <= 50; size++) {
      for (int back = 0; back <= size; back++) {
        List<Locality> groups = new ArrayList<>(List.of(zone("z0", size, back)));
        for (int i = 1; i < zones; i++) {
          groups.add(zone("z" + i, size, size));
        }

        double[] loads = loads(140, groups, Map.of());

        for (int i = 0; i < zones; i++) {
          assertThat(fairShares(loads[i], groups, i))
              .as("zone %d of %s", i, groups)
              .isLessThanOrEqualTo(2 + 1e-9);
        }
      }
    }
  }

  /**
   * Whatever the zones are, whatever has failed and wherever the clients are: a good endpoint gets
   * what all good ones would get by an even spread, or the overprovisioning times its fair share,
   * at most.
   */
  @Test
  void of_clientsInAllZones_noZoneGetsMoreThanItBears() {
    Random random = new Random(7);
    for (int round = 0; round < 5_000; round++) {
      List<Locality> groups = randomZones(random);
      Map<String, Double> clients = randomClients(random, groups);
      int overprovisioning = 100 + random.nextInt(200);

      double[] loads = loads(overprovisioning, groups, clients);

      double even = (double) judged(groups) / Math.max(1, good(groups));
      for (int i = 0; i < loads.length; i++) {
        assertThat(fairShares(loads[i], groups, i))
            .as("zone %d of %s, clients %s", i, groups, clients)
            .isLessThanOrEqualTo(Math.max(even, overprovisioning / 100.0) + 1e-9);
      }
    }
  }

  @Test
  void of_nothingIsOverprovisioned_everyGoodEndpointGetsTheSame() {
    Random random = new Random(7);
    for (int round = 0; round < 5_000; round++) {
      List<Locality> groups = randomZones(random);
      Map<String, Double> clients = randomClients(random, groups);

      double[] loads = loads(100, groups, clients);

      for (int i = 0; i < loads.length && good(groups) > 0; i++) {
        assertThat(loads[i])
            .as("zone %d of %s, clients %s", i, groups, clients)
            .isCloseTo((double) groups.get(i).good() / good(groups), EXACT);
      }
    }
  }

  @Test
  void of_moreOfTheFirstFail_movesCallsOneWayOnly() {
    double before = 1;
    for (int good = 100; good >= 0; good--) {
      double part =
          TrafficSplit.of(NO_ZONES, List.of(percent(0, good), percent(1, 100))).get(0).part();
      assertThat(part).isLessThanOrEqualTo(before);
      before = part;
    }
    assertThat(before).isZero();
  }

  @Test
  void of_moreOfTheLocalZoneFail_movesCallsOneWayOnly() {
    double before = 1;
    for (int good = 100; good >= 0; good--) {
      List<Locality> groups = List.of(zone("a", 100, good), zone("b", 100, 100));
      double part = TrafficSplit.of(inZone("a", Map.of()), groups).get(0).part();
      assertThat(part).isLessThanOrEqualTo(before);
      before = part;
    }
    assertThat(before).isZero();
  }

  /** The part of all calls that each zone gets, when clients in all of them split their calls. */
  private static double[] loads(
      int overprovisioning, List<Locality> groups, Map<String, Double> clients) {
    double all = clients.values().stream().mapToDouble(each -> each).sum();
    double[] loads = new double[groups.size()];
    for (Locality from : groups) {
      LocalityConfig config = new LocalityConfig(0, overprovisioning, true, from.zone(), clients);
      double calls = all == 0 ? 1.0 / groups.size() : clients.get(from.zone()) / all;
      List<Share> shares = TrafficSplit.of(config, groups);
      Arrays.setAll(loads, i -> loads[i] + calls * shares.get(i).part());
    }
    return loads;
  }

  /** What a good endpoint of a zone gets, over what it would get while all are good. */
  private static double fairShares(double load, List<Locality> groups, int zone) {
    return load == 0 ? 0 : load / groups.get(zone).good() * judged(groups);
  }

  private static int judged(List<Locality> groups) {
    return groups.stream().mapToInt(Locality::judged).sum();
  }

  private static int good(List<Locality> groups) {
    return groups.stream().mapToInt(Locality::good).sum();
  }

  private static List<Locality> randomZones(Random random) {
    List<Locality> zones = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(5); i++) {
      int size = 1 + random.nextInt(50);
      zones.add(zone("z" + i, size, random.nextInt(4) == 0 ? 0 : random.nextInt(size + 1)));
    }
    return zones;
  }

  private static Map<String, Double> randomClients(Random random, List<Locality> zones) {
    Map<String, Double> clients = new HashMap<>();
    for (Locality zone : zones) {
      clients.put(zone.zone(), random.nextInt(4) == 0 ? 0.0 : 1.0 + random.nextInt(20));
    }
    return clients;
  }

  private static List<Locality> randomGroups(Random random) {
    List<Locality> groups = new ArrayList<>();
    for (int priority = 0; priority <= random.nextInt(3); priority++) {
      for (int zone = 0; zone <= random.nextInt(3); zone++) {
        int judged = random.nextInt(6);
        int usable = random.nextInt(judged + 1);
        int good = random.nextInt(usable + 1);
        groups.add(new Locality(priority, "z" + zone, judged, good, usable));
      }
    }
    return groups;
  }

  private static LocalityConfig inZone(String zone, Map<String, Double> clients) {
    return new LocalityConfig(50, 140, true, zone, clients);
  }

  private static Locality zone(String zone, int endpoints, int good) {
    return new Locality(0, zone, endpoints, good, endpoints);
  }

  private static Locality percent(int priority, int good) {
    return new Locality(priority, "", 100, good, 100);
  }
}
