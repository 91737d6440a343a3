package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ListenerChainTest {
  private final List<String> heard = new ArrayList<>();

  static List<Method> events() {
    return Arrays.stream(BalancerListener.class.getMethods()).filter(Method::isDefault).toList();
  }

  /** Finds an event that was added to the interface and forgotten here. */
  @ParameterizedTest
  @MethodSource("events")
  void event_any_reachesBoth(Method event) throws ReflectiveOperationException {
    ListenerChain chain = new ListenerChain(recorder("first"), recorder("second"));

    event.invoke(chain, arguments(event));

    assertThat(heard).containsExactly("first " + event.getName(), "second " + event.getName());
  }

  @Test
  void event_firstThrows_reachesTheSecond() {
    BalancerListener broken =
        new BalancerListener() {
          @Override
          public void onEmptyList() {
            throw new IllegalStateException("broken");
          }
        };
    ListenerChain chain = new ListenerChain(broken, recorder("second"));

    assertThatThrownBy(chain::onEmptyList).hasMessage("broken");

    assertThat(heard).containsExactly("second onEmptyList");
  }

  private BalancerListener recorder(String name) {
    return (BalancerListener)
        Proxy.newProxyInstance(
            BalancerListener.class.getClassLoader(),
            new Class<?>[] {BalancerListener.class},
            (proxy, method, arguments) -> {
              heard.add(name + " " + method.getName());
              return null;
            });
  }

  private static Object[] arguments(Method event) {
    return Arrays.stream(event.getParameterTypes())
        .map(type -> type == int.class ? (Object) 0 : type == long.class ? (Object) 0L : null)
        .toArray();
  }
}
