package io.evenkeel.cli.call;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.evenkeel.BalancerListener;
import io.evenkeel.ChannelBuilder;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.FileProblem;
import io.evenkeel.config.JsonProblem;
import io.grpc.ChannelCredentials;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelRegistry;
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

  private EvenkeelChannel build(ChannelBuilder builder, String target) {
    try {
      return builder.build();
    } catch (ManagedChannelRegistry.ProviderNotFoundException e) {
      throw CommandException.usage("--cacert " + caCertificates + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw refused(target, e);
    }
  }

  private CommandException refused(String target, IllegalArgumentException reason) {
    String message = String.valueOf(reason.getMessage());
    // gRPC adds a stack trace.
    return serviceConfig != null && message.contains("Default config is invalid")
        ? CommandException.usage(
            "--service-config %s: gRPC refuses it; 'evenkeel check %s' tells why"
                .formatted(serviceConfig, serviceConfig))
        : CommandException.target(target, reason);
  }

  private static Map<String, ?> readServiceConfig(Path file) {
    try {
      JsonElement config = JsonParser.parseString(Files.readString(file));
      if (config instanceof JsonObject object) {
        return new Gson().fromJson(object, new TypeToken<Map<String, Object>>() {});
      }
      throw CommandException.usage("--service-config " + file + ": holds no JSON object");
    } catch (IOException e) {
      throw CommandException.usage("--service-config " + file + ": " + FileProblem.of(e));
    } catch (JsonParseException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw CommandException.usage(
          "--service-config " + file + ": is not JSON: " + JsonProblem.of(reason));
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
