package io.evenkeel.gateway;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error: {@code {"code":14,"status":"UNAVAILABLE","message":"…","details":[…]}}, as
 * {@code google.rpc.Status} has it, the details only when upstream sent some.
 */
final class ErrorBody {

  private ErrorBody() {}

  static String of(Status.Code code, String message) {
    return json(code, message).toString();
  }

  /** A body with the details of a serialized {@code google.rpc.Status}. */
  static String of(Status status, byte @Nullable [] statusDetails, MessageJson messageJson) {
    JsonObject body = json(status.getCode(), message(status));
    JsonArray details =
        statusDetails == null ? new JsonArray() : details(statusDetails, messageJson);
    if (!details.isEmpty()) {
      body.add("details", details);
    }
    return body.toString();
  }

  private static String message(Status status) {
    String description = status.getDescription();
    return description == null ? "" : description;
  }

  private static JsonObject json(Status.Code code, String message) {
    JsonObject body = new JsonObject();
    body.addProperty("code", code.value());
    body.addProperty("status", code.name());
    body.addProperty("message", message);
    return body;
  }

  /** Empty when upstream sent what is no status: the error itself still gets through. */
  private static JsonArray details(byte[] status, MessageJson messageJson) {
    JsonArray details = new JsonArray();
    try {
      for (Any detail : com.google.rpc.Status.parseFrom(status).getDetailsList()) {
        details.add(detail(detail, messageJson));
      }
    } catch (InvalidProtocolBufferException e) {
      return new JsonArray();
    }
    return details;
  }

  private static JsonElement detail(Any detail, MessageJson messageJson) {
    String json = messageJson.detail(detail);
    if (!json.isEmpty()) {
      return JsonParser.parseString(json);
    }
    JsonObject unknown = new JsonObject();
    unknown.addProperty("@type", detail.getTypeUrl());
    unknown.addProperty(
        "value", Base64.getEncoder().encodeToString(detail.getValue().toByteArray()));
    return unknown;
  }
}
