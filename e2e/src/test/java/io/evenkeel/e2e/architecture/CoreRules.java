package io.evenkeel.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.grpc.LoadBalancer;

/** What may use what inside core, and what core may use at all. */
final class CoreRules {
  private static final String ROOT = "io.evenkeel";
  private static final String BACKOFF = "io.evenkeel.backoff..";
  private static final String BALANCER = "io.evenkeel.balancer..";
  private static final String CONFIG = "io.evenkeel.config..";
  private static final String DISCOVERY = "io.evenkeel.discovery..";
  private static final String HASH = "io.evenkeel.policy.hash..";
  private static final String HEALTH = "io.evenkeel.health..";
  private static final String LIMIT = "io.evenkeel.limit..";
  private static final String LOAD = "io.evenkeel.load..";
  private static final String LOCALITY = "io.evenkeel.locality..";
  private static final String OUTLIER = "io.evenkeel.outlier..";
  private static final String POLICY = "io.evenkeel.policy..";
  private static final String REGISTRATION = "io.evenkeel.registration..";
  private static final String RETRY = "io.evenkeel.retry..";
  private static final String SLOW_START = "io.evenkeel.slowstart..";
  private static final String SUBSET = "io.evenkeel.subset..";

  /** What all policies that hash have in common is no policy itself. */
  @ArchTest
  static final ArchRule policy_knowsNoOtherPolicy =
      slices()
          .matching("io.evenkeel.policy.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              DescribedPredicate.alwaysTrue(), JavaClass.Predicates.resideInAPackage(HASH));

  @ArchTest
  static final ArchRule hash_knowsNoPolicy =
      noClasses()
          .that()
          .resideInAPackage(HASH)
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("io.evenkeel.policy.*..")
                  .and(JavaClass.Predicates.resideOutsideOfPackage(HASH)));

  @ArchTest
  static final ArchRule policy_knowsOnlyWhatItChoosesAmong = mayUse(POLICY, ROOT, CONFIG, LOAD);

  @ArchTest static final ArchRule load_knowsNoEndpoint = mayUse(LOAD, BACKOFF);

  @ArchTest static final ArchRule health_knowsNoEndpoint = mayUse(HEALTH, BACKOFF);

  @ArchTest static final ArchRule backoff_knowsNobody = mayUse(BACKOFF);

  @ArchTest static final ArchRule config_knowsNobody = mayUse(CONFIG);

  @ArchTest
  static final ArchRule discovery_knowsNeitherBalancerNorPolicy =
      mayUse(DISCOVERY, ROOT, BACKOFF, CONFIG, REGISTRATION);

  @ArchTest
  static final ArchRule registration_knowsOnlyEndpoints =
      mayUse(REGISTRATION, ROOT, BACKOFF, CONFIG);

  @ArchTest
  static final ArchRule balancer_doesNotKnowDiscovery =
      mayUse(
          BALANCER,
          ROOT,
          BACKOFF,
          CONFIG,
          HEALTH,
          LIMIT,
          LOAD,
          LOCALITY,
          OUTLIER,
          POLICY,
          RETRY,
          SLOW_START,
          SUBSET);

  @ArchTest static final ArchRule locality_isArithmetic = mayUse(LOCALITY, CONFIG);

  @ArchTest static final ArchRule limit_isArithmetic = mayUse(LIMIT, CONFIG);

  @ArchTest static final ArchRule retry_onlyCounts = mayUse(RETRY, CONFIG);

  @ArchTest static final ArchRule slowStart_isArithmetic = mayUse(SLOW_START, CONFIG);

  @ArchTest static final ArchRule subset_onlyChooses = mayUse(SUBSET, ROOT, CONFIG, POLICY);

  @ArchTest static final ArchRule outlier_onlyJudges = mayUse(OUTLIER, CONFIG, POLICY);

  @ArchTest
  static final ArchRule packages_ofCore_formNoCycle =
      slices().assignedFrom(packagesOfCore()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule libraries_ofCore_areGrpcAndWhatItBrings =
      classes()
          .that(Module.CORE.classes())
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.evenkeel..",
              "java..",
              "javax.net.ssl",
              "io.grpc",
              "io.grpc.util",
              "io.grpc.health.v1",
              "com.google.common..",
              "com.google.gson..",
              "com.google.protobuf..",
              "org.jspecify.annotations");

  /**
   * Internal to gRPC, and public only because annotations do not hide: one class has the reason.
   */
  @ArchTest
  static final ArchRule healthConfigAttribute_isReadInOnePlace =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.evenkeel.balancer.HealthServiceName")
          .should()
          .accessField(LoadBalancer.class, "ATTR_HEALTH_CHECKING_CONFIG");

  /** The only way to read a text header without a new string of it; for transports, says gRPC. */
  @ArchTest
  static final ArchRule internalMetadata_isUsedInOnePlace =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.evenkeel.policy.hash.HeaderKey")
          .and()
          .doNotHaveFullyQualifiedName("io.evenkeel.policy.hash.HeaderKey$AsIs")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("io\\.grpc\\.InternalMetadata.*");

  /**
   * Classes of {@code own} use no package of core but their own, those below, and {@code others}.
   */
  private static ArchRule mayUse(String own, String... others) {
    String[] allowed = new String[others.length + 1];
    System.arraycopy(others, 0, allowed, 0, others.length);
    allowed[others.length] = own;
    return noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat(
            Module.CORE
                .classes()
                .and(JavaClass.Predicates.resideInAPackage("io.evenkeel.."))
                .and(JavaClass.Predicates.resideOutsideOfPackages(allowed)));
  }

  private static SliceAssignment packagesOfCore() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return type.getPackageName().startsWith(ROOT)
                && Module.of(type.getPackageName()) == Module.CORE
            ? SliceIdentifier.of(type.getPackageName())
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "the packages of core";
      }
    };
  }
}
