package io.evenkeel.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the API says about slices, each by itself: one that is malformed spoils no other. */
final class SliceJson {
  private static final ObjectMapper mapper = JsonMapper.builder().build();

  private SliceJson() {}

  /**
   * A slice, or why it is none.
   *
   * @param name within its namespace
   * @param version changes whenever the slice does
   * @param slice null where it is malformed
   * @param problem empty where it is not
   */
  record Slice(String name, String version, @Nullable EndpointSlice slice, String problem) {}

  /** All slices of a service, at one version of the whole. */
  record SliceList(List<Slice> slices, String version) {}

  /**
   * Any JSON.
   *
   * @throws IOException if it is none
   */
  static JsonNode tree(String json) throws IOException {
    return mapper.readTree(json);
  }

  /**
   * The answer to a list.
   *
   * @throws IOException if it is something else
   */
  static SliceList list(String json) throws IOException {
    JsonNode list = tree(json);
    if (!list.path("kind").asText().endsWith("List")) {
      throw new IOException("it is no list");
    }
    List<Slice> slices = new ArrayList<>();
    for (JsonNode each : list.path("items")) {
      slices.add(slice(each));
    }
    return new SliceList(slices, version(list));
  }

  /** One slice, malformed or not. */
  static Slice slice(JsonNode node) {
    String name = node.path("metadata").path("name").asText();
    try {
      return new Slice(name, version(node), mapper.treeToValue(node, EndpointSlice.class), "");
    } catch (JsonProcessingException e) {
      String problem = "slice \"" + name + "\" is malformed: " + e.getOriginalMessage();
      return new Slice(name, version(node), null, problem);
    }
  }

  /** The resource version of an object or a list; empty where it has none. */
  static String version(JsonNode node) {
    return node.path("metadata").path("resourceVersion").asText();
  }
}
