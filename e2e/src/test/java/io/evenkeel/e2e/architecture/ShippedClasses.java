package io.evenkeel.e2e.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.regex.Pattern;

/** Leaves out what nobody wrote: tests, and what protoc generates from the demo's protos. */
final class ShippedClasses implements ImportOption {
  private static final Pattern GENERATED =
      Pattern.compile(".*/io/evenkeel/demo/(echo|greeter|hello|order)/.*");

  private final ImportOption tests = new ImportOption.DoNotIncludeTests();

  @Override
  public boolean includes(Location location) {
    return tests.includes(location) && !location.matches(GENERATED);
  }
}
