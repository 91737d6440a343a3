package io.evenkeel.server;

import io.evenkeel.Endpoint;
import io.evenkeel.server.settings.ServerSettings;
import java.util.Optional;

/** What a running server consists of. */
record ServerParts(
    String serviceName,
    ServerSettings settings,
    Endpoint endpoint,
    GrpcPort port,
    Registrations registrations,
    Optional<ProbeServer> probes,
    Lifecycle lifecycle) {}
