package io.evenkeel.discovery.consul;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.evenkeel.registration.RegistrationException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a registrar asks Consul, each as one blocking question. Those about an instance concern the
 * agent that is asked, and no other.
 *
 * <p>Thread-safe.
 */
final class ConsulAgentApi {
  private static final int NOT_FOUND = 404;

  /** How long the catalogue may take to follow the agent before nobody waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final String ANY_SERVICE = "service_prefix \"\" { policy = \"read\" }";
  private static final String NODES = " and node_prefix \"\" { policy = \"read\" }";

  private final ConsulCalls calls;
  private final Duration timeout;

  /**
   * @param timeout bound on each question, whatever the number of agents
   */
  ConsulAgentApi(ConsulCalls calls, Duration timeout) {
    this.calls = calls;
    this.timeout = calls.share(timeout);
  }

  /** Writes a service, and removes what checks it had before. */
  void register(String service, JsonObject body) throws RegistrationException {
    String path = "/v1/agent/service/register?replace-existing-checks=true";
    demandOk(calls.ask(ConsulQuestion.put(path, body, timeout), toWrite(service)));
  }

  /** Removes a service; it need not be there. */
  void deregister(String service, String serviceId) throws RegistrationException {
    String path = "/v1/agent/service/deregister/" + ConsulQuestion.escape(serviceId);
    ConsulAnswer answer =
        calls.ask(ConsulQuestion.put(path, new JsonObject(), timeout), toWrite(service));
    if (answer.status() != NOT_FOUND) {
      demandOk(answer);
    }
  }

  /**
   * Lets a TTL check pass.
   *
   * @return whether the agent has it
   */
  boolean pass(String service, String checkId) throws RegistrationException {
    JsonObject update = new JsonObject();
    update.addProperty("Status", "passing");
    // Always the same, since another text would be a change that all watches hear of.
    update.addProperty("Output", "renewed by its process");
    String path = "/v1/agent/check/update/" + ConsulQuestion.escape(checkId);
    ConsulAnswer answer = calls.ask(ConsulQuestion.put(path, update, timeout), toWrite(service));
    if (answer.isOk()) {
      return true;
    }
    // Status 500 before Consul 1.11.
    if (answer.status() == NOT_FOUND || answer.body().contains("does not have associated TTL")) {
      return false;
    }
    throw unexpected(answer);
  }

  /** A service of the agent. */
  Optional<ServiceEntry> service(String service, String serviceId) throws RegistrationException {
    String path = "/v1/agent/service/" + ConsulQuestion.escape(serviceId);
    ConsulAnswer answer = calls.ask(ConsulQuestion.get(path, timeout), toRead(service));
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    demandOk(answer);
    return Optional.of(ServiceEntry.ofAgent(object(answer)));
  }

  /** The instances of a service on all nodes. */
  ConsulInstances instances(String service, ConsulFilter filter) throws RegistrationException {
    return parse(list(service, filter.path(service), timeout));
  }

  /** Names of all services. */
  Set<String> services() throws RegistrationException {
    ConsulAnswer answer =
        calls.ask(ConsulQuestion.get("/v1/catalog/services", timeout), ANY_SERVICE + NODES);
    demandOk(answer);
    return new TreeSet<>(object(answer).keySet());
  }

  /**
   * Waits until the catalogue, which follows the agent in its own time, is as wanted, but not
   * longer than {@link #PATIENCE}: the agent brings it there whatever happens.
   */
  void awaitCatalogue(String service, Predicate<ConsulInstances> wanted)
      throws RegistrationException {
    long start = System.nanoTime();
    String path = ConsulFilter.any().path(service);
    ConsulAnswer answer = list(service, path, timeout);
    Duration left = PATIENCE;
    while (!wanted.test(parse(answer)) && left.toMillis() > 0) {
      long index = Math.max(1, answer.index());
      String change = "&index=" + index + "&wait=" + left.toMillis() + "ms";
      answer = list(service, path + change, timeout.plus(left));
      left = PATIENCE.minusNanos(System.nanoTime() - start);
    }
  }

  private ConsulAnswer list(String service, String path, Duration timeout)
      throws RegistrationException {
    ConsulAnswer answer = calls.ask(ConsulQuestion.get(path, timeout), toRead(service) + NODES);
    demandOk(answer);
    return answer;
  }

  private ConsulInstances parse(ConsulAnswer answer) throws RegistrationException {
    try {
      return ConsulInstances.parse(answer.body());
    } catch (IllegalArgumentException e) {
      throw nonsense(answer, e);
    }
  }

  private JsonObject object(ConsulAnswer answer) throws RegistrationException {
    try {
      return JsonParser.parseString(answer.body()).getAsJsonObject();
    } catch (JsonSyntaxException | IllegalStateException e) {
      throw nonsense(answer, e);
    }
  }

  private RegistrationException nonsense(ConsulAnswer answer, RuntimeException why) {
    ConsulFailure failure = ConsulFailure.nonsense(calls.target().describe(), answer, why);
    return new RegistrationException(String.valueOf(failure.getMessage()), failure);
  }

  private void demandOk(ConsulAnswer answer) throws RegistrationException {
    if (!answer.isOk()) {
      throw unexpected(answer);
    }
  }

  private RegistrationException unexpected(ConsulAnswer answer) {
    return new RegistrationException(
        calls.target().describe() + ": HTTP status " + answer.status() + ": " + answer.text());
  }

  private static String toRead(String service) {
    return "service \"" + service + "\" { policy = \"read\" }";
  }

  private static String toWrite(String service) {
    return "service \"" + service + "\" { policy = \"write\" }";
  }

  @Override
  public String toString() {
    return calls.target().describe();
  }
}
