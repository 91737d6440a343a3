package io.evenkeel.discovery.kubernetes;

import java.time.Duration;

/** A version of the API by which EndpointSlices are read, and its paths. */
enum SliceApi {
  V1("v1"),

  /** Where an API server is older than 1.21. */
  V1BETA1("v1beta1");

  /** Names the service of a slice. */
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** As a resource version: whatever the API server has in memory. */
  static final String ANY = "0";

  /** As a resource version: what etcd has now. */
  static final String NEWEST = "";

  private final String path;

  SliceApi(String version) {
    this.path = "/apis/discovery.k8s.io/" + version + "/namespaces/";
  }

  /**
   * Asks for all slices of a service, as they are at {@code version} or later. That is answered
   * from the API server's memory, and never goes back behind what was seen.
   */
  String list(String namespace, String service, String version) {
    String notOlder =
        version.equals(ANY) || version.equals(NEWEST) ? "" : "&resourceVersionMatch=NotOlderThan";
    return slices(namespace, service) + from(version) + notOlder;
  }

  /** Asks for what changes behind {@code version}, for {@code duration}. */
  String watch(String namespace, String service, String version, Duration duration) {
    return slices(namespace, service)
        + from(version)
        + "&watch=true&allowWatchBookmarks=true&timeoutSeconds="
        + duration.toSeconds();
  }

  private String slices(String namespace, String service) {
    // Names are of letters, digits and dashes only.
    return path
        + namespace
        + "/endpointslices?labelSelector="
        + SERVICE_NAME.replace("/", "%2F")
        + "%3D"
        + service;
  }

  private static String from(String version) {
    return version.isEmpty() ? "" : "&resourceVersion=" + version;
  }
}
