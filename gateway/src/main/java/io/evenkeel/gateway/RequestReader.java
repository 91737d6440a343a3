package io.evenkeel.gateway;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.evenkeel.config.JsonProblem;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the request of one binding: fields from the path, from the body and from the query, each
 * field from one of them only. Strict: what is not understood is refused with the field's path, and
 * never left out silently.
 *
 * <p>Immutable.
 */
final class RequestReader {
  private static final Gson STRICT = new GsonBuilder().setStrictness(Strictness.STRICT).create();

  private final HttpBinding binding;
  private final Descriptor type;
  private final MessageJson messageJson;
  private final List<FieldPath> pathFields;

  RequestReader(HttpBinding binding, MessageJson messageJson) {
    this.binding = binding;
    this.type = binding.method().getInputType();
    this.messageJson = messageJson;
    this.pathFields =
        binding.template().fields().stream().map(field -> FieldPath.parse(type, field)).toList();
  }

  /**
   * The message that {@code request} asks with.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it is none
   */
  DynamicMessage read(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    try {
      JsonObject message = fromBody(request);
      addPath(ctx, message);
      addQuery(ctx.queryParams(), message);
      return messageJson.parse(message.toString(), type);
    } catch (IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription(Text.shortened(String.valueOf(e.getMessage())))
          .asRuntimeException();
    }
  }

  private JsonObject fromBody(AggregatedHttpRequest request) {
    JsonObject message = new JsonObject();
    if (binding.body().isEmpty() || request.content().isEmpty()) {
      return message;
    }
    JsonElement body = parse(request.contentUtf8());
    if (!binding.body().equals(HttpBinding.WHOLE)) {
      FieldPath.parse(type, binding.body()).set(message, body);
      return message;
    }
    if (body instanceof JsonObject whole) {
      return whole;
    }
    throw new IllegalArgumentException("body: not a JSON object");
  }

  private static JsonElement parse(String body) {
    try {
      JsonElement parsed = STRICT.fromJson(body, JsonElement.class);
      if (parsed == null) {
        throw new IllegalArgumentException("body: empty (expected: JSON)");
      }
      return parsed;
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("body: malformed JSON: " + reason(e), e);
    }
  }

  private static String reason(JsonParseException e) {
    return JsonProblem.of(e.getCause() == null ? e : e.getCause());
  }

  private void addPath(ServiceRequestContext ctx, JsonObject message) {
    for (int i = 0; i < pathFields.size(); i++) {
      String value = ctx.pathParam(PathTemplate.group(i));
      if (value != null) {
        pathFields.get(i).set(message, List.of(value));
      }
    }
  }

  private void addQuery(QueryParams query, JsonObject message) {
    List<FieldPath> given = new ArrayList<>();
    for (String name : query.names()) {
      FieldPath field = queryField(name);
      List<String> values = query.getAll(name);
      if (given.contains(field) || (values.size() > 1 && !field.isRepeated())) {
        throw new IllegalArgumentException(field + ": given more than once in the query");
      }
      given.add(field);
      field.set(message, values);
    }
  }

  private FieldPath queryField(String name) {
    FieldPath field = FieldPath.parse(type, name);
    // A query must not overrule the path: whoever guards routes looks at the path alone.
    if (pathFields.stream().anyMatch(field::isWithin)) {
      throw new IllegalArgumentException(field + ": given in the path already");
    }
    if (isInBody(field)) {
      throw new IllegalArgumentException(field + ": belongs in the body, not in the query");
    }
    return field;
  }

  private boolean isInBody(FieldPath field) {
    return binding.body().equals(HttpBinding.WHOLE)
        || (!binding.body().isEmpty() && field.isWithin(FieldPath.parse(type, binding.body())));
  }
}
