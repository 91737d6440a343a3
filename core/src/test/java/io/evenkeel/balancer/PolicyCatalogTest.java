package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.example.FirstPolicyProvider;
import io.evenkeel.policy.random.RandomPolicyProvider;
import org.junit.jupiter.api.Test;

final class PolicyCatalogTest {

  @Test
  void names_always_holdEvenkeelsOwn() {
    assertThat(PolicyCatalog.names())
        .contains(
            "least_request",
            "maglev",
            "random",
            "rendezvous",
            "ring_hash",
            "round_robin",
            "weighted_random",
            "weighted_round_robin")
        .isSorted();
  }

  @Test
  void find_unknown_isEmpty() {
    assertThat(PolicyCatalog.find("no_such_policy")).isEmpty();
  }

  @Test
  void find_namedInAServicesFile_isThere() {
    assertThat(PolicyCatalog.find("first")).containsInstanceOf(FirstPolicyProvider.class);
  }

  @Test
  void find_namedInAServicesFileAfterABrokenOne_isThere() {
    // The services file names a class that does not exist, and one whose name is taken.
    assertThat(PolicyCatalog.find("first")).isPresent();
    assertThat(PolicyCatalog.find("random")).containsInstanceOf(RandomPolicyProvider.class);
  }

  @Test
  void register_byCode_isFound() {
    TestPolicy policy = TestPolicy.register("catalog_test");

    assertThat(PolicyCatalog.find("catalog_test")).containsSame(policy);
    assertThat(PolicyCatalog.names()).contains("catalog_test");
  }

  @Test
  void register_sameProviderAgain_isFine() {
    TestPolicy policy = TestPolicy.register("catalog_test");

    PolicyCatalog.register(policy);

    assertThat(PolicyCatalog.find("catalog_test")).containsSame(policy);
  }

  @Test
  void register_nameTaken_isRefusedNamingTheOwner() {
    assertThatThrownBy(() -> PolicyCatalog.register(new RandomPolicyProvider()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "policy \"random\": the name is taken by "
                + "io.evenkeel.policy.random.RandomPolicyProvider");
  }
}
