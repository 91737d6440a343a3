package io.evenkeel.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/** What every class keeps to. */
final class HouseStyleRules {

  @ArchTest
  static final ArchRule package_isNullMarked =
      classes()
          .should(
              satisfy(
                  "be in a package whose package-info.java says @NullMarked",
                  type -> type.getPackage().isAnnotatedWith(NullMarked.class)));

  /** Only a class that is made to be extended may be; others have made no such promise. */
  @ArchTest
  static final ArchRule class_isFinalUnlessExtended =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnonymousClasses()
          .and()
          .doNotHaveModifier(JavaModifier.ABSTRACT)
          .and()
          .haveSimpleNameNotEndingWith("package-info")
          .should(
              satisfy(
                  "be final or extended",
                  type ->
                      type.getModifiers().contains(JavaModifier.FINAL)
                          || !type.getSubclasses().isEmpty()));

  /**
   * Standard output belongs to whoever has a main method: the command, and the process of a test.
   */
  @ArchTest
  static final ArchRule standardOutput_belongsToPrograms =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.evenkeel.cli..", "io.evenkeel.testkit..")
          .should()
          .accessField(System.class, "out");

  /** One way to log, which a user can lead to any back end. The command sets one up. */
  @ArchTest
  static final ArchRule logging_goesThroughSystemLogger =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.evenkeel.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.slf4j..");

  @ArchTest
  static final ArchRule grpcInternals_areLeftAlone =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.grpc.internal..");

  /** A thread that sleeps can neither be woken by an event nor by a close. */
  @ArchTest
  static final ArchRule threads_doNotSleep =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  private static ArchCondition<JavaClass> satisfy(String what, Predicate<JavaClass> rule) {
    return new ArchCondition<>(what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(type, rule.test(type), type.getName() + " does not: " + what));
      }
    };
  }
}
