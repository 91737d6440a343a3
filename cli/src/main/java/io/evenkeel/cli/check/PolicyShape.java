package io.evenkeel.cli.check;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import io.evenkeel.config.NearestName;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Status;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** The list of policies in a service config, of which gRPC takes the first that it knows. */
final class PolicyShape {
  /** What gRPC's own simple policies understand; they skip the rest silently. */
  private static final Map<String, Set<String>> FIELDS_OF_GRPC =
      Map.of("round_robin", Set.of(), "pick_first", Set.of("shuffleAddressList"));

  private static final Gson GSON = new Gson();

  static final Shape CHOICES =
      Shape.list(PolicyShape::checkChoice).notEmpty().and(PolicyShape::checkOneIsKnown);

  private PolicyShape() {}

  private static void checkChoice(Place place) {
    if (!(place.value() instanceof JsonObject choice) || choice.size() != 1) {
      place.refuse("an object with one field, the name of a policy");
      return;
    }
    String name = choice.keySet().iterator().next();
    if (!choice.get(name).isJsonObject()) {
      place.field(name).refuse("an object");
      return;
    }
    LoadBalancerProvider provider = LoadBalancerRegistry.getDefaultRegistry().getProvider(name);
    if (provider != null) {
      checkConfig(place.field(name), name, provider);
    }
  }

  private static void checkConfig(Place place, String name, LoadBalancerProvider provider) {
    Set<String> fields = FIELDS_OF_GRPC.get(name);
    if (fields != null) {
      for (String field : place.value().getAsJsonObject().keySet()) {
        if (!fields.contains(field)) {
          place.field(field).report("unknown field " + NearestName.hint(field, fields));
        }
      }
    }
    Map<String, ?> config = GSON.fromJson(place.value(), new TypeToken<Map<String, Object>>() {});
    Status error = provider.parseLoadBalancingPolicyConfig(config).getError();
    if (error != null) {
      place.report(String.valueOf(error.getDescription()));
    }
  }

  /** A name that is unknown here may be meant for other clients, as long as one is left for us. */
  private static void checkOneIsKnown(Place place) {
    JsonArray choices = place.value().getAsJsonArray();
    LoadBalancerRegistry registry = LoadBalancerRegistry.getDefaultRegistry();
    boolean known = false;
    for (int i = 0; i < choices.size(); i++) {
      known |= registry.getProvider(nameOf(choices, i)) != null;
    }
    for (int i = 0; i < choices.size() && !known; i++) {
      String name = nameOf(choices, i);
      place.element(i).report("unknown policy \"" + name + "\" " + NearestName.hint(name, names()));
    }
  }

  private static String nameOf(JsonArray choices, int index) {
    return choices.get(index).getAsJsonObject().keySet().iterator().next();
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>(FIELDS_OF_GRPC.keySet());
    ServiceLoader.load(LoadBalancerProvider.class).forEach(p -> names.add(p.getPolicyName()));
    return names;
  }
}
