package io.evenkeel.e2e.architecture;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

/** All rules about classes in one test, since reading the classes takes longer than the rules. */
@AnalyzeClasses(packages = "io.evenkeel", importOptions = ShippedClasses.class)
final class ArchitectureTest {
  @ArchTest static final ArchTests MODULES = ArchTests.in(ModuleRules.class);
  @ArchTest static final ArchTests CORE = ArchTests.in(CoreRules.class);
  @ArchTest static final ArchTests ROLE_NAMES = ArchTests.in(RoleNameRules.class);
  @ArchTest static final ArchTests HOUSE_STYLE = ArchTests.in(HouseStyleRules.class);
}
