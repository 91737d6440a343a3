package io.evenkeel.discovery;

/** Whose name a server must prove under TLS, and which name calls carry as their authority. */
public enum Authority {
  /** The service's: every instance has a certificate for it. What registries use. */
  SERVICE,

  /**
   * The endpoint's own host name or address: the list names servers that share nothing but the
   * list.
   */
  ENDPOINT
}
