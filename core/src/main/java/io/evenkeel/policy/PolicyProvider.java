package io.evenkeel.policy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;

/**
 * Adds a policy under a name that service config can use. Found by {@link java.util.ServiceLoader},
 * or registered by code with {@code PolicyCatalog}.
 *
 * <p>A whole policy that always takes the first endpoint:
 *
 * <pre>{@code
 * public final class FirstPolicyProvider implements PolicyProvider {
 *   public String name() {
 *     return "first";
 *   }
 *
 *   public PolicyFactory configure(ConfigReader config) {
 *     return context -> rotation -> call -> rotation.get(0);
 *   }
 * }
 * }</pre>
 */
public interface PolicyProvider {

  /** The policy's name in service config, lower case with underscores. */
  String name();

  /**
   * Reads the policy's own part of the service config. Ask {@code config} for each field that the
   * policy knows; fields nobody asked for are then refused. Any thread.
   *
   * @throws ConfigException if a value is out of range
   */
  PolicyFactory configure(ConfigReader config);
}
