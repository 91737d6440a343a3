package io.evenkeel.e2e.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.ANONYMOUS_CLASSES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.evenkeel.BalancerListenerProvider;
import io.evenkeel.RetryPolicy;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrarProvider;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancerProvider;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.util.stream.Stream;

/** The last word of a type's name says which role it has, and is kept for that role. */
final class RoleNameRules {

  @ArchTest
  static final ArchRule balancer_isALoadBalancer =
      nameAndRole("Balancer", assignableTo(LoadBalancer.class));

  @ArchTest
  static final ArchRule picker_picksOnTheHotPath =
      nameAndRole("Picker", assignableTo(Picker.class).or(assignableTo(SubchannelPicker.class)));

  @ArchTest
  static final ArchRule provider_isAnEntryForServiceLoaders =
      nameAndRole(
          "Provider",
          assignableTo(LoadBalancerProvider.class)
              .or(assignableTo(NameResolverProvider.class))
              .or(assignableTo(PolicyProvider.class))
              .or(assignableTo(BalancerListenerProvider.class))
              .or(assignableTo(RegistrarProvider.class)));

  @ArchTest
  static final ArchRule registrar_writesToARegistry =
      nameAndRole("Registrar", assignableTo(Registrar.class));

  @ArchTest
  static final ArchRule resolver_isANameResolver =
      nameAndRole("Resolver", assignableTo(NameResolver.class));

  /** "Retry policy" is gRPC's own name for something else. */
  @ArchTest
  static final ArchRule policy_makesPickers =
      nameAndRole("Policy", assignableTo(Policy.class).or(assignableTo(RetryPolicy.class)));

  @ArchTest
  static final ArchRule config_isImmutable =
      classes().that().haveSimpleNameEndingWith("Config").should().haveOnlyFinalFields();

  @ArchTest
  static final ArchRule listener_hearsEvents =
      classes()
          .that()
          .haveSimpleNameEndingWith("Listener")
          .should(be(INTERFACES.or(aKindOfAnotherListener())));

  private static ArchRule nameAndRole(String suffix, DescribedPredicate<JavaClass> role) {
    return classes()
        .that()
        .haveSimpleNameEndingWith(suffix)
        .or(role.and(DescribedPredicate.not(ANONYMOUS_CLASSES)))
        .should(be(role.and(JavaClass.Predicates.simpleNameEndingWith(suffix))));
  }

  private static DescribedPredicate<JavaClass> aKindOfAnotherListener() {
    return DescribedPredicate.describe(
        "a kind of another listener",
        type ->
            Stream.concat(
                    type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                .anyMatch(above -> above.getSimpleName().endsWith("Listener")));
  }
}
