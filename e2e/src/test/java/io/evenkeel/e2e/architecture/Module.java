package io.evenkeel.e2e.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Locale;

/**
 * The modules that ship. A module's package is {@code io.evenkeel} and its name, with dots for
 * hyphens; core has the rest.
 */
enum Module {
  CORE,
  TESTKIT,
  SERVER,
  DISCOVERY_DNS,
  DISCOVERY_ETCD,
  DISCOVERY_ZOOKEEPER,
  DISCOVERY_CONSUL,
  DISCOVERY_KUBERNETES,
  DEMO,
  GATEWAY,
  CLI;

  private static final String ROOT = "io.evenkeel";

  /** The directory and last package segments. */
  String directory() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The classes that are in this module's package, or below. */
  DescribedPredicate<JavaClass> classes() {
    return DescribedPredicate.describe(directory(), type -> of(type.getPackageName()) == this);
  }

  /** Whether {@code type} was compiled in this module's directory. */
  boolean built(JavaClass type) {
    String uri = type.getSource().orElseThrow().getUri().toString();
    return uri.contains("/" + directory() + "/target/") || uri.contains("/evenkeel-" + directory());
  }

  /** The module that owns {@code packageName}, which begins with {@code io.evenkeel}. */
  static Module of(String packageName) {
    for (Module module : values()) {
      String own = ROOT + "." + module.directory().replace('-', '.');
      if (packageName.equals(own) || packageName.startsWith(own + ".")) {
        return module;
      }
    }
    return CORE;
  }
}
