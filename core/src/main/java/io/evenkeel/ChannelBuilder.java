package io.evenkeel;

import io.evenkeel.config.LostConnectionRetries;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a balanced channel. Each setter only writes service config or an ordinary channel setting;
 * {@link #serviceConfig()} and {@link #customize} show and reach both.
 *
 * <p>Not thread-safe.
 */
public final class ChannelBuilder {
  private static final String PICK_FIRST = "pick_first";
  private static final String ENGINE = "evenkeel";
  private static final String LOAD_BALANCING = "loadBalancingConfig";

  private final String target;
  private final Map<String, Object> extraConfig = new LinkedHashMap<>();
  private @Nullable ChannelCredentials credentials;
  private String policy = "";
  private Map<String, ?> policyConfig = Map.of();
  private @Nullable RetryPolicy retryPolicy;
  private @Nullable String healthService;
  private @Nullable Duration defaultDeadline;
  private Duration keepAliveTime = Duration.ofSeconds(30);
  private Duration keepAliveTimeout = Duration.ofSeconds(10);
  private @Nullable BalancerListener listener;
  private Consumer<ManagedChannelBuilder<?>> customizer = builder -> {};

  ChannelBuilder(String target) {
    this.target = Objects.requireNonNull(target, "target");
  }

  /**
   * Chooses endpoints by {@code policy}, such as {@code least_request}, with its defaults. Default:
   * {@code round_robin}.
   */
  public ChannelBuilder policy(String policy) {
    return policy(policy, Map.of());
  }

  /**
   * Chooses endpoints by {@code policy} with a config of its own, as in {@code
   * policy("least_request", Map.of("choiceCount", 3))}. {@code pick_first} is grpc-java's own.
   */
  public ChannelBuilder policy(String policy, Map<String, ?> config) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.policyConfig = Map.copyOf(config);
    return this;
  }

  /** TLS, trusting what the JDK trusts. This is the default. */
  public ChannelBuilder tls() {
    return credentials(TlsChannelCredentials.create());
  }

  /**
   * No encryption and no proof of who answers: for a loopback address, a test, or a mesh that
   * encrypts below.
   */
  public ChannelBuilder plaintext() {
    return credentials(InsecureChannelCredentials.create());
  }

  /** Credentials of your own, such as mutual TLS by {@link TlsChannelCredentials#newBuilder()}. */
  public ChannelBuilder credentials(ChannelCredentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * Tries failed calls again. Default: only those that provably never reached a server, because a
   * retried call may run twice.
   */
  public ChannelBuilder retries(RetryPolicy retryPolicy) {
    this.retryPolicy = Objects.requireNonNull(retryPolicy, "retryPolicy");
    return this;
  }

  /**
   * Asks a connection that has been quiet for {@code time} whether it lives, and drops it when no
   * answer comes within {@code timeout}. Default: 30 s and 10 s; gRPC raises a {@code time} under
   * 10 s to 10 s. Servers must permit it, as Evenkeel's do.
   */
  public ChannelBuilder keepAlive(Duration time, Duration timeout) {
    this.keepAliveTime = requirePositive("time", time);
    this.keepAliveTimeout = requirePositive("timeout", timeout);
    return this;
  }

  /** Gives every call that states no deadline this one. Default: none, as in gRPC. */
  public ChannelBuilder defaultDeadline(Duration defaultDeadline) {
    this.defaultDeadline = requirePositive("defaultDeadline", defaultDeadline);
    return this;
  }

  /**
   * Uses only endpoints that report SERVING for {@code service} over gRPC's health protocol; the
   * empty name asks for the whole server. Default: no health check.
   */
  public ChannelBuilder healthCheck(String service) {
    this.healthService = Objects.requireNonNull(service, "service");
    return this;
  }

  /**
   * Adds to the service config, in gRPC's JSON form as maps and lists. What the typed setters write
   * wins over the same top-level key here. A service config that discovery brings wins over all of
   * it.
   */
  public ChannelBuilder serviceConfig(Map<String, ?> serviceConfig) {
    extraConfig.putAll(serviceConfig);
    return this;
  }

  /**
   * The zone in which this client runs; calls stay there as far as it can bear them. Default:
   * {@value ClientZone#VARIABLE} of the environment, or else zones do not count.
   */
  public ChannelBuilder zone(String zone) {
    Objects.requireNonNull(zone, "zone");
    return customize(builder -> builder.setNameResolverArg(ClientZone.KEY, zone));
  }

  /** Tells {@code listener} what the channel's balancer does; may be called several times. */
  public ChannelBuilder listener(BalancerListener listener) {
    this.listener = listenerWith(listener);
    return this;
  }

  /**
   * Keeps the last {@code lastN} picks with their reasons, for {@link BalancerView#snapshot}. A
   * pick then costs microseconds and a lock. Default: none.
   *
   * @param lastN 1 to {@value BalancerView#MAX_EXPLAINED_PICKS}
   */
  public ChannelBuilder explainPicks(int lastN) {
    if (lastN < 1 || lastN > BalancerView.MAX_EXPLAINED_PICKS) {
      throw new IllegalArgumentException(
          "lastN: " + lastN + " (expected: 1.." + BalancerView.MAX_EXPLAINED_PICKS + ")");
    }
    return customize(builder -> builder.setNameResolverArg(BalancerView.EXPLAIN_PICKS, lastN));
  }

  /** The last word on the gRPC builder, just before the channel is built. */
  public ChannelBuilder customize(Consumer<ManagedChannelBuilder<?>> customizer) {
    this.customizer = this.customizer.andThen(customizer);
    return this;
  }

  /** The service config that the setters have written so far. */
  public Map<String, ?> serviceConfig() {
    Map<String, Object> config = new LinkedHashMap<>(extraConfig);
    if (!policy.isEmpty() || !config.containsKey(LOAD_BALANCING)) {
      config.put(LOAD_BALANCING, List.of(loadBalancingConfig()));
    }
    if (healthService != null) {
      config.put("healthCheckConfig", Map.of("serviceName", healthService));
    }
    if (retryPolicy != null) {
      Map<String, Object> everyMethod =
          Map.of("name", List.of(Map.of()), "retryPolicy", retryPolicy.toServiceConfig());
      config.put("methodConfig", List.of(everyMethod));
    }
    return config;
  }

  /**
   * Builds the channel. It connects when it is first used or when {@link
   * EvenkeelChannel#awaitReady} is called.
   *
   * @throws IllegalArgumentException if nothing on the class path resolves the target, or the
   *     service config is malformed
   * @throws IllegalStateException if gRPC does not find Evenkeel's balancer on the class path
   */
  public EvenkeelChannel build() {
    checkEngineConfig();
    ChannelCredentials chosen = credentials == null ? TlsChannelCredentials.create() : credentials;
    ChannelReadiness readiness = new ChannelReadiness();
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(Targets.escape(target), chosen)
            .defaultServiceConfig(LostConnectionRetries.addTo(serviceConfig()))
            // In force until discovery has brought its first list, so that an early error names the
            // target too.
            .defaultLoadBalancingPolicy(policy.equals(PICK_FIRST) ? PICK_FIRST : ENGINE)
            .keepAliveTime(keepAliveTime.toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(keepAliveTimeout.toNanos(), TimeUnit.NANOSECONDS)
            .enableRetry()
            .setNameResolverArg(BalancerListener.KEY, listenerWith(readiness))
            .intercept(CallTracking.interceptor());
    if (defaultDeadline != null) {
      builder.intercept(new DefaultDeadlineInterceptor(defaultDeadline));
    }
    customizer.accept(builder);
    return new EvenkeelChannel(target, build(builder), readiness);
  }

  private ManagedChannel build(ManagedChannelBuilder<?> builder) {
    try {
      return builder.build();
    } catch (IllegalStateException malformed) {
      throw refused(malformed.getMessage(), malformed);
    }
  }

  /** gRPC would refuse a bad config too, but in words that hide the reason. */
  private void checkEngineConfig() {
    LoadBalancerProvider engine = LoadBalancerRegistry.getDefaultRegistry().getProvider(ENGINE);
    if (engine == null) {
      throw new IllegalStateException(
          "gRPC knows no policy \"evenkeel\": does META-INF/services/io.grpc.LoadBalancerProvider"
              + " of the class path still name it? Jars that are merged into one must merge it.");
    }
    if (serviceConfig().get(LOAD_BALANCING) instanceof List<?> choices) {
      choices.forEach(choice -> checkChoice(engine, choice));
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have strings for keys
  private void checkChoice(LoadBalancerProvider engine, Object choice) {
    if (choice instanceof Map<?, ?> named && named.get(ENGINE) instanceof Map<?, ?> config) {
      Status error = engine.parseLoadBalancingPolicyConfig((Map<String, ?>) config).getError();
      if (error != null) {
        throw refused(error.getDescription(), error.getCause());
      }
    }
  }

  private IllegalArgumentException refused(@Nullable String reason, @Nullable Throwable cause) {
    return new IllegalArgumentException("target \"" + target + "\": " + reason, cause);
  }

  private BalancerListener listenerWith(BalancerListener further) {
    return listener == null ? further : new ListenerChain(listener, further);
  }

  private Map<String, Object> loadBalancingConfig() {
    if (policy.equals(PICK_FIRST)) {
      return Map.of(PICK_FIRST, policyConfig);
    }
    Map<String, Object> engine =
        policy.isEmpty() ? Map.of() : Map.of("policy", Map.of(policy, policyConfig));
    return Map.of(ENGINE, engine);
  }

  private static Duration requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: longer than zero)");
    }
    return value;
  }
}
