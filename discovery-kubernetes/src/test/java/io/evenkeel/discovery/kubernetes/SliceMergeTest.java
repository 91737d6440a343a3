package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.testkit.process.KubernetesSlice;
import io.evenkeel.testkit.process.KubernetesSlice.Pod;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SliceMergeTest {
  private static final ServicePort GRPC = ServicePort.parse("grpc");

  @Test
  void merge_severalSlices_areOneList() throws Exception {
    EndpointSet set = merge(GRPC, slice("x").pod("a", "10.0.0.1"), slice("y").pod("b", "10.0.0.2"));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080", "b 10.0.0.2:8080");
  }

  @Test
  void merge_sameAddressInTwoSlices_countsOnce() throws Exception {
    EndpointSet set = merge(GRPC, slice("x").pod("a", "10.0.0.1"), slice("y").pod("a", "10.0.0.1"));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080");
    assertThat(set.problems()).isEmpty();
  }

  @Test
  void merge_sameAddressWithAndWithoutPod_countsOnce() throws Exception {
    EndpointSet set =
        merge(
            GRPC,
            slice("x").pod("a", "10.0.0.1"),
            slice("y").pod(new Pod("10.0.0.1", null, "", null)));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080");
  }

  @Test
  void merge_podInTwoSlicesThatDisagree_isReady() throws Exception {
    EndpointSet set =
        merge(
            GRPC,
            slice("x")
                .pod(Pod.of("a", "10.0.0.1").with("ready=false,serving=true,terminating=true")),
            slice("y").pod(Pod.of("a", "10.0.0.1").with("ready=true")),
            slice("z").pod("b", "10.0.0.2"));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080", "b 10.0.0.2:8080");
  }

  @Test
  void merge_notReady_isLeftOut() throws Exception {
    EndpointSet set =
        merge(
            GRPC,
            slice("x")
                .pod(Pod.of("a", "10.0.0.1").with("ready=true"))
                .pod(Pod.of("b", "10.0.0.2").with("ready=false"))
                .pod(Pod.of("c", "10.0.0.3").with("ready=false,serving=true,terminating=true"))
                .pod("d", "10.0.0.4"));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080", "d 10.0.0.4:8080");
  }

  @Test
  void merge_noneReady_usesThoseThatStillServe() throws Exception {
    EndpointSet set =
        merge(
            GRPC,
            slice("x")
                .pod(Pod.of("a", "10.0.0.1").with("ready=false,serving=true,terminating=true"))
                .pod(Pod.of("b", "10.0.0.2").with("ready=false,serving=false,terminating=true"))
                .pod(Pod.of("c", "10.0.0.3").with("ready=false,serving=false,terminating=false")));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080");
  }

  @Test
  void merge_noneUsable_saysWhy() throws Exception {
    EndpointSet set = merge(GRPC, slice("x").pod(Pod.of("a", "10.0.0.1").with("ready=false")));

    assertThat(set.endpoints()).isEmpty();
    assertThat(set.problems()).containsExactly("none of 1 endpoints is ready");
  }

  @Test
  void merge_podOfTwoFamilies_isOneEndpoint() throws Exception {
    EndpointSet set =
        merge(
            GRPC,
            slice("x").addressType("IPv6").pod("a", "2001:db8::1"),
            slice("y").pod("a", "10.0.0.1"));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080|[2001:db8:0:0:0:0:0:1]:8080");
  }

  @Test
  void merge_hostName_isLookedUpLater() throws Exception {
    EndpointSet set =
        merge(GRPC, slice("x").addressType("FQDN").pod(new Pod("a.example", null, "", null)));

    assertThat(addresses(set)).containsExactly("a.example:8080 a.example:8080");
  }

  @Test
  void merge_whereItRuns_isKept() throws Exception {
    JsonObject slice = slice("x").pod(Pod.of("a", "10.0.0.1").in("eu-1a")).json();
    JsonObject endpoint = slice.getAsJsonArray("endpoints").get(0).getAsJsonObject();
    endpoint.addProperty("nodeName", "node-7");
    endpoint.add("hints", json("{\"forZones\":[{\"name\":\"eu-1a\"},{\"name\":\"eu-1b\"}]}"));

    Endpoint seen = merge(GRPC, slice).endpoints().get(0);

    assertThat(seen.zone()).isEqualTo("eu-1a");
    assertThat(seen.metadata()).isEqualTo(Map.of("nodeName", "node-7", "forZones", "eu-1a,eu-1b"));
  }

  @Test
  void merge_topologyOfOldServers_isKept() throws Exception {
    JsonObject slice = slice("x").pod("a", "10.0.0.1").json();
    slice
        .getAsJsonArray("endpoints")
        .get(0)
        .getAsJsonObject()
        .add(
            "topology",
            json("{\"kubernetes.io/hostname\":\"node-7\",\"topology.kubernetes.io/zone\":\"z1\"}"));

    Endpoint seen = merge(GRPC, slice).endpoints().get(0);

    assertThat(seen.zone()).isEqualTo("z1");
    assertThat(seen.metadata()).isEqualTo(Map.of("nodeName", "node-7"));
  }

  @Test
  void merge_addressThatIsNone_isLeftOut() throws Exception {
    EndpointSet set = merge(GRPC, slice("x").pod("a", "10.0.0.300").pod("b", "10.0.0.2"));

    assertThat(addresses(set)).containsExactly("b 10.0.0.2:8080");
    assertThat(set.problems()).containsExactly("slice \"x\": \"10.0.0.300\" is no IPv4 address");
  }

  @Test
  void merge_elementsThatAreNull_areLeftOut() throws Exception {
    JsonObject slice = slice("x").pod("a", "10.0.0.1").json();
    slice.getAsJsonArray("endpoints").add(JsonNull.INSTANCE);
    slice.getAsJsonArray("ports").add(JsonNull.INSTANCE);
    JsonObject endpoint = slice.getAsJsonArray("endpoints").get(0).getAsJsonObject();
    endpoint.getAsJsonArray("addresses").add(JsonNull.INSTANCE);
    endpoint.add("hints", json("{\"forZones\":[null,{\"name\":\"eu-1a\"}]}"));

    EndpointSet set = merge(GRPC, slice);

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080");
    assertThat(set.endpoints().get(0).metadata()).isEqualTo(Map.of("forZones", "eu-1a"));
  }

  @Test
  void merge_fieldsThatAreNull_areThoseThatAreMissing() throws Exception {
    JsonObject empty = slice("x").json();
    empty.add("endpoints", JsonNull.INSTANCE);
    empty.add("ports", JsonNull.INSTANCE);
    JsonObject slice = slice("y").pod("a", "10.0.0.1").json();
    JsonObject endpoint = slice.getAsJsonArray("endpoints").get(0).getAsJsonObject();
    endpoint.add("conditions", json("{\"ready\":null,\"serving\":null,\"terminating\":null}"));
    endpoint.add("hints", json("{\"forZones\":null}"));
    endpoint.add("zone", JsonNull.INSTANCE);

    EndpointSet set = merge(GRPC, empty, slice);

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:8080");
    assertThat(set.problems()).isEmpty();
  }

  @Test
  void merge_numberOfAPort_isThatOfThePods() throws Exception {
    KubernetesSlice slice = slice("x").port("metrics", 9090).pod("a", "10.0.0.1");

    assertThat(addresses(merge(ServicePort.parse("9090"), slice)))
        .containsExactly("a 10.0.0.1:9090");
    assertThat(merge(ServicePort.parse("80"), slice).problems())
        .containsExactly(
            "no endpoint has port 80, but grpc=8080, metrics=9090;"
                + " a number is the port in the pods, not the service's");
  }

  @Test
  void merge_slicesOfDifferentNumbers_takeEachItsOwn() throws Exception {
    EndpointSet set =
        merge(
            GRPC,
            KubernetesSlice.of("x", "orders").port("grpc", 1).pod("a", "10.0.0.1"),
            KubernetesSlice.of("y", "orders").port("grpc", 2).pod("b", "10.0.0.2"));

    assertThat(addresses(set)).containsExactly("a 10.0.0.1:1", "b 10.0.0.2:2");
  }

  @Test
  void merge_nameThatIsNot_saysWhichThereAre() throws Exception {
    EndpointSet set = merge(ServicePort.parse("http"), slice("x").pod("a", "10.0.0.1"));

    assertThat(set.problems()).containsExactly("no port is named \"http\": there is grpc=8080");
  }

  @Test
  void merge_noPortInTheTarget_isTheOnlyOne() throws Exception {
    KubernetesSlice slice = slice("x").pod("a", "10.0.0.1");

    assertThat(addresses(merge(ServicePort.ONLY, slice))).containsExactly("a 10.0.0.1:8080");
    assertThat(merge(ServicePort.ONLY, slice.port("metrics", 9090)).problems())
        .containsExactly(
            "which port is not clear: there is grpc=8080, metrics=9090; name one in the target");
  }

  @Test
  void merge_sliceWithoutPorts_takesAnyNumber() throws Exception {
    KubernetesSlice slice = KubernetesSlice.of("x", "orders").pod("a", "10.0.0.1");

    assertThat(addresses(merge(ServicePort.parse("7"), slice))).containsExactly("a 10.0.0.1:7");
  }

  private static KubernetesSlice slice(String name) {
    return KubernetesSlice.of(name, "orders").port("grpc", 8080);
  }

  private static EndpointSet merge(ServicePort port, KubernetesSlice... slices) throws Exception {
    return merge(port, Stream.of(slices).map(KubernetesSlice::json).toArray(JsonObject[]::new));
  }

  private static EndpointSet merge(ServicePort port, JsonObject... slices) throws Exception {
    ServiceSlices all = new ServiceSlices(port);
    for (JsonObject each : slices) {
      all.put(SliceJson.slice(SliceJson.tree(each.toString())));
    }
    return all.endpoints();
  }

  private static JsonObject json(String text) {
    return com.google.gson.JsonParser.parseString(text).getAsJsonObject();
  }

  private static List<String> addresses(EndpointSet set) {
    return set.endpoints().stream().map(each -> each.id() + " " + each.displayAddress()).toList();
  }
}
