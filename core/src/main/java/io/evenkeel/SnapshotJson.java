package io.evenkeel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes a {@link BalancerSnapshot} for programs. Times are ISO 8601, durations in seconds. */
final class SnapshotJson {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final double NANOS_PER_SECOND = 1e9;

  private SnapshotJson() {}

  static JsonObject of(BalancerSnapshot snapshot) {
    JsonObject json = new JsonObject();
    json.addProperty("target", snapshot.target());
    json.addProperty("takenAt", snapshot.takenAt().toString());
    json.addProperty("policy", snapshot.policy());
    json.add("policySettings", GSON.toJsonTree(snapshot.policySettings()));
    json.add("totals", totals(snapshot));
    json.add("groups", array(snapshot.groups(), SnapshotJson::group));
    json.addProperty("outsideSubset", snapshot.outsideSubset());
    json.add("endpoints", array(snapshot.endpoints(), SnapshotJson::endpoint));
    json.add("discovery", discovery(snapshot.discovery()));
    json.addProperty("policyFaults", snapshot.policyFaults());
    snapshot.lastPolicyFault().ifPresent(fault -> json.addProperty("lastPolicyFault", fault));
    if (!snapshot.picks().isEmpty()) {
      json.add("picks", array(snapshot.picks(), SnapshotJson::pick));
    }
    return json;
  }

  static JsonObject pick(PickRecord pick) {
    JsonObject json = new JsonObject();
    json.addProperty("at", pick.at().toString());
    json.addProperty("method", pick.method());
    json.addProperty("kind", pick.kind().name());
    pick.endpoint()
        .ifPresent(
            endpoint -> {
              json.addProperty("id", endpoint.id());
              json.addProperty("address", endpoint.displayAddress());
            });
    json.addProperty("reason", pick.reason());
    json.addProperty("others", pick.others());
    return json;
  }

  private static JsonObject group(TrafficGroup group) {
    JsonObject json = new JsonObject();
    json.addProperty("priority", group.priority());
    json.addProperty("zone", group.zone());
    json.addProperty("share", group.share());
    json.addProperty("panics", group.panics());
    return json;
  }

  private static JsonObject totals(BalancerSnapshot snapshot) {
    BalancerState totals = snapshot.totals();
    JsonObject json = new JsonObject();
    json.addProperty("endpoints", totals.total());
    json.addProperty("ready", totals.ready());
    json.addProperty("connecting", totals.connecting());
    json.addProperty("waitingToConnect", snapshot.waitingToConnect());
    json.addProperty("unhealthy", totals.unhealthy());
    json.addProperty("ejected", totals.ejected());
    json.addProperty("failed", totals.failed());
    json.addProperty("problem", totals.problem());
    return json;
  }

  private static JsonObject endpoint(EndpointSnapshot snapshot) {
    Endpoint endpoint = snapshot.endpoint();
    JsonObject json = new JsonObject();
    json.addProperty("id", endpoint.id());
    json.addProperty("address", endpoint.displayAddress());
    json.addProperty("weight", endpoint.weight());
    json.addProperty("zone", endpoint.zone());
    json.addProperty("priority", endpoint.priority());
    json.add("metadata", GSON.toJsonTree(endpoint.metadata()));
    json.addProperty("state", snapshot.state().name());
    json.addProperty("reason", snapshot.reason());
    json.addProperty("since", snapshot.since().toString());
    json.addProperty("age", seconds(snapshot.age()));
    json.addProperty("effectiveWeight", snapshot.effectiveWeight());
    json.addProperty("inFlight", snapshot.inFlight());
    snapshot.limit().ifPresent(limit -> json.addProperty("limit", limit));
    json.addProperty("connections", snapshot.connections());
    snapshot
        .streamsPerConnection()
        .ifPresent(streams -> json.addProperty("streamsPerConnection", streams));
    json.addProperty("queued", snapshot.queued());
    snapshot.latency().ifPresent(latency -> json.addProperty("latency", seconds(latency)));
    snapshot.oldestCall().ifPresent(age -> json.addProperty("oldestCall", seconds(age)));
    json.addProperty("failures", snapshot.failures());
    json.addProperty("picks", snapshot.picks());
    json.addProperty("share", snapshot.share());
    json.addProperty("connectFailures", snapshot.connectFailures());
    add(json, "lastConnectFailure", snapshot.lastConnectFailure());
    return json;
  }

  private static JsonObject discovery(DiscoverySnapshot discovery) {
    JsonObject json = new JsonObject();
    add(json, "lastList", discovery.lastList());
    json.addProperty("skipped", discovery.skipped());
    json.addProperty("refusedLists", discovery.refusedLists());
    add(json, "lastRefusal", discovery.lastRefusal());
    json.addProperty("errors", discovery.errors());
    add(json, "lastError", discovery.lastError());
    discovery.source().ifPresent(source -> json.add("source", source(source)));
    return json;
  }

  private static JsonObject source(SourceSnapshot source) {
    JsonObject json = new JsonObject();
    json.addProperty("target", source.target());
    json.addProperty("fallback", source.fallback());
    source.age().ifPresent(age -> json.addProperty("age", seconds(age)));
    json.addProperty("stale", source.stale());
    json.addProperty("problem", source.problem());
    json.addProperty("skipped", source.skipped());
    json.addProperty("held", source.held());
    json.addProperty("rebuilds", source.rebuilds());
    return json;
  }

  private static void add(JsonObject json, String name, Optional<Occurrence> occurrence) {
    occurrence.ifPresent(
        present -> {
          JsonObject object = new JsonObject();
          object.addProperty("what", present.what());
          object.addProperty("at", present.at().toString());
          object.addProperty("age", seconds(present.age()));
          json.add(name, object);
        });
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonElement> toJson) {
    JsonArray array = new JsonArray(values.size());
    values.forEach(value -> array.add(toJson.apply(value)));
    return array;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_SECOND;
  }
}
