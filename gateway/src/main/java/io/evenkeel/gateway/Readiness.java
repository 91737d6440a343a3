package io.evenkeel.gateway;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.List;

/**
 * {@code GET /readyz}: 200 when every upstream channel is connected and the gateway is not
 * draining, otherwise 503 with a body that names what is not ready. Asking makes an idle channel
 * connect.
 *
 * <p>Thread-safe.
 */
final class Readiness implements HttpService {
  private final List<ForwardedService> services;
  private final Drain drain;

  Readiness(List<ForwardedService> services, Drain drain) {
    this.services = services;
    this.drain = drain;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
    JsonArray notReady = new JsonArray();
    if (drain.hasBegun()) {
      notReady.add(reason("gateway", "DRAINING"));
    }
    for (ForwardedService service : services) {
      ConnectivityState state = state(service.channel());
      if (state != ConnectivityState.READY) {
        notReady.add(reason(service.name(), state.name()));
      }
    }
    JsonObject body = new JsonObject();
    body.addProperty("status", notReady.isEmpty() ? "ready" : "not ready");
    if (!notReady.isEmpty()) {
      body.add("not_ready", notReady);
    }
    HttpStatus status = notReady.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return HttpResponse.of(status, MediaType.JSON, body.toString());
  }

  private static JsonObject reason(String name, String state) {
    JsonObject reason = new JsonObject();
    reason.addProperty("name", name);
    reason.addProperty("state", state);
    return reason;
  }

  /** A channel that does not tell its state, such as an intercepted one, counts as ready. */
  private static ConnectivityState state(Channel channel) {
    return channel instanceof ManagedChannel managed
        ? managed.getState(true)
        : ConnectivityState.READY;
  }
}
