package io.evenkeel.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;

/** Which module may use which. */
final class ModuleRules {

  @ArchTest
  static final ArchRule arrows_betweenModules_pointToCore =
      modules()
          .whereLayer("core")
          .mayNotAccessAnyLayer()
          .whereLayer("testkit")
          .mayOnlyAccessLayers("core")
          .whereLayer("server")
          .mayOnlyAccessLayers("core")
          .whereLayer("discovery-dns")
          .mayOnlyAccessLayers("core")
          .whereLayer("discovery-etcd")
          .mayOnlyAccessLayers("core")
          .whereLayer("discovery-zookeeper")
          .mayOnlyAccessLayers("core")
          .whereLayer("discovery-consul")
          .mayOnlyAccessLayers("core")
          .whereLayer("discovery-kubernetes")
          .mayOnlyAccessLayers("core")
          .whereLayer("demo")
          .mayOnlyAccessLayers("core", "server")
          .whereLayer("gateway")
          .mayOnlyAccessLayers("core")
          .whereLayer("cli")
          .mayOnlyAccessLayers(
              "core",
              "server",
              "discovery-dns",
              "discovery-etcd",
              "discovery-zookeeper",
              "discovery-consul",
              "discovery-kubernetes",
              "demo",
              "gateway");

  /** A class in another module's package could reach what is package-private there. */
  @ArchTest
  static final ArchRule package_ofAModule_isItsOwn =
      classes().should(beBuiltInTheModuleOfTheirPackage());

  /** The engine's classes are not for other modules; the list of policies is. */
  @ArchTest
  static final ArchRule engine_seenFromOtherModules_isThePolicyCatalog =
      noClasses()
          .that(not(Module.CORE.classes()))
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.evenkeel.balancer..")
                  .and(not(name("io.evenkeel.balancer.PolicyCatalog"))));

  private static LayeredArchitecture modules() {
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (Module module : Module.values()) {
      architecture = architecture.layer(module.directory()).definedBy(module.classes());
    }
    return architecture;
  }

  private static ArchCondition<JavaClass> beBuiltInTheModuleOfTheirPackage() {
    return new ArchCondition<>("be built in the module of their package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Module owner = Module.of(type.getPackageName());
        String message = type.getName() + " is built from " + type.getSource().orElseThrow();
        events.add(new SimpleConditionEvent(type, owner.built(type), message));
      }
    };
  }
}
