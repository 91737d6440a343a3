package io.evenkeel.gateway;

import com.google.protobuf.DynamicMessage;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Says in HTTP how an upstream call ended.
 *
 * <p>Immutable.
 */
final class JsonAnswers {
  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of(HeaderRules.STATUS_DETAILS, Metadata.BINARY_BYTE_MARSHALLER);

  private final MessageJson messageJson;
  private final HeaderRules headerRules;

  JsonAnswers(MessageJson messageJson, HeaderRules headerRules) {
    this.messageJson = messageJson;
    this.headerRules = headerRules;
  }

  MessageJson messageJson() {
    return messageJson;
  }

  /**
   * An answer that came.
   *
   * @param responseBody the field that becomes the body, empty for the whole message
   */
  HttpResponse ok(DynamicMessage message, String responseBody, Metadata headers) {
    try {
      return response(HttpStatus.OK, headers, messageJson.print(message, responseBody));
    } catch (StatusRuntimeException e) {
      return error(e.getStatus(), new Metadata());
    }
  }

  /** A call that failed; the details, if any, are among the trailers. */
  HttpResponse error(Status status, Metadata trailers) {
    String body = ErrorBody.of(status, trailers.get(STATUS_DETAILS), messageJson);
    return response(HttpStatuses.of(status.getCode()), trailers, body);
  }

  private HttpResponse response(HttpStatus status, Metadata metadata, String body) {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(status).contentType(MediaType.JSON);
    headerRules.addAnswer(metadata, headers);
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(body));
  }
}
