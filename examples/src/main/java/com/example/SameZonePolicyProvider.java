package com.example;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import java.util.stream.IntStream;

/** {@code same_zone}: any endpoint of the {@code zone} in its settings, or any at all if there is none. */
public final class SameZonePolicyProvider implements PolicyProvider {

  @Override
  public String name() {
    return "same_zone";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    String zone = config.stringValue("zone", "");
    return context ->
        rotation -> {
          IntStream all = IntStream.range(0, rotation.size());
          int[] near = all.filter(i -> rotation.get(i).endpoint().zone().equals(zone)).toArray();
          return near.length == 0
              ? call -> rotation.get(context.random().nextInt(rotation.size()))
              : call -> rotation.get(near[context.random().nextInt(near.length)]);
        };
  }
}
