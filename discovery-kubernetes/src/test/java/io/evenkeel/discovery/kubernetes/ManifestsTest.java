package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The manifests that are shipped. */
class ManifestsTest {
  private static final Path MANIFESTS = Path.of("..", "deploy", "kubernetes");

  @ParameterizedTest
  @MethodSource("manifests")
  void manifest_eachField_isKubernetes(Path file) throws Exception {
    for (JsonObject each : documents(file)) {
      check(each);
    }
  }

  @Test
  void role_rules_areWhatADiscoveryAsksFor() throws Exception {
    JsonObject role =
        documents(MANIFESTS.resolve("rbac.yaml")).stream()
            .filter(each -> each.get("kind").getAsString().equals("Role"))
            .findFirst()
            .orElseThrow();

    assertThat(role.getAsJsonArray("rules").toString())
        .isEqualTo(
            "[{\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"],"
                + "\"verbs\":[\"list\",\"watch\"]}]");
  }

  private static void check(JsonObject document) throws IOException {
    switch (document.get("kind").getAsString()) {
      case "Service" -> V1Service.validateJsonElement(document);
      case "ServiceAccount" -> V1ServiceAccount.validateJsonElement(document);
      case "Deployment" -> V1Deployment.validateJsonElement(document);
      case "Role" -> V1Role.validateJsonElement(document);
      case "RoleBinding" -> V1RoleBinding.validateJsonElement(document);
      default -> throw new AssertionError("nobody checks a " + document.get("kind"));
    }
  }

  private static List<Path> manifests() {
    try (Stream<Path> files = Files.list(MANIFESTS)) {
      List<Path> manifests = files.filter(each -> each.toString().endsWith(".yaml")).toList();
      assertThat(manifests).isNotEmpty();
      return manifests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonObject> documents(Path file) throws IOException {
    List<JsonObject> documents = new ArrayList<>();
    for (Object each : new Yaml().loadAll(Files.readString(file))) {
      documents.add(new Gson().toJsonTree(each).getAsJsonObject());
    }
    return documents;
  }
}
