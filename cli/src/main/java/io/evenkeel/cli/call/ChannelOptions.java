package io.evenkeel.cli.call;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import io.evenkeel.BalancerListener;
import io.evenkeel.ChannelBuilder;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.cli.console.CommandException;
import io.grpc.ChannelCredentials;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that makes calls: how to connect and how to balance. */
final class ChannelOptions {

  @Option(names = "--plaintext", description = "Connect without TLS.")
  private boolean plaintext;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Trust the authorities in this PEM file instead of the JDK's.")
  private @Nullable Path caCertificates;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = {
        "Choose endpoints by this policy, such as round_robin, least_request or pick_first.",
        "Default: what the target says, else round_robin."
      })
  private String policy = "";

  @Option(
      names = "--service-config",
      paramLabel = "FILE",
      description =
          "Use this service config instead of the target's; --policy overrides its policy.")
  private @Nullable Path serviceConfig;

  /**
   * A channel to {@code target} as the options say; {@code listener} hears its balancer, and {@code
   * further} has a say before them.
   */
  EvenkeelChannel open(String target, BalancerListener listener, Consumer<ChannelBuilder> further) {
    ChannelBuilder builder = secured(Evenkeel.channel(target)).listener(listener);
    further.accept(builder);
    if (serviceConfig != null) {
      builder.serviceConfig(readServiceConfig(serviceConfig));
    }
    if (!policy.isEmpty()) {
      builder.policy(policy);
    }
    if (serviceConfig != null || !policy.isEmpty()) {
      // What the user types is the last word; gRPC would prefer what the target says.
      builder.customize(ManagedChannelBuilder::disableServiceConfigLookUp);
    }
    requireValidPolicies(builder.serviceConfig());
    return build(builder, target);
  }

  /** A channel to {@code target} for questions that must not show in what is measured. */
  EvenkeelChannel openAside(String target) {
    return build(secured(Evenkeel.channel(target)), target);
  }

  private ChannelBuilder secured(ChannelBuilder builder) {
    if (plaintext) {
      return builder.plaintext();
    }
    return caCertificates == null ? builder.tls() : builder.credentials(trusting(caCertificates));
  }

  private static ChannelCredentials trusting(Path caCertificates) {
    try {
      return TlsChannelCredentials.newBuilder().trustManager(caCertificates.toFile()).build();
    } catch (IOException e) {
      throw CommandException.usage("--cacert " + caCertificates + ": " + e.getMessage());
    }
  }

  private static EvenkeelChannel build(ChannelBuilder builder, String target) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw CommandException.target(target, e);
    }
  }

  private static Map<String, ?> readServiceConfig(Path file) {
    try {
      Map<String, Object> config =
          new Gson().fromJson(Files.readString(file), new TypeToken<Map<String, Object>>() {});
      return config == null ? Map.of() : config;
    } catch (IOException | JsonParseException e) {
      throw CommandException.usage(
          "--service-config " + file + ": cannot be read as JSON: " + e.getMessage());
    }
  }

  /** gRPC would report a misspelt policy only with the first call, as that call's failure. */
  private static void requireValidPolicies(Map<String, ?> serviceConfig) {
    if (!(serviceConfig.get("loadBalancingConfig") instanceof List<?> choices)) {
      return;
    }
    for (Object choice : choices) {
      if (choice instanceof Map<?, ?> named && named.get("evenkeel") instanceof Map<?, ?> config) {
        requireValid(config);
      }
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have no other keys
  private static void requireValid(Map<?, ?> config) {
    LoadBalancerProvider evenkeel =
        LoadBalancerRegistry.getDefaultRegistry().getProvider("evenkeel");
    if (evenkeel == null) {
      return;
    }
    Status error = evenkeel.parseLoadBalancingPolicyConfig((Map<String, ?>) config).getError();
    if (error != null) {
      throw CommandException.usage(String.valueOf(error.getDescription()));
    }
  }
}
