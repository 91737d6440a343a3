package io.evenkeel.gateway;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.RouteBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One way to reach a unary gRPC method over HTTP.
 *
 * @param body the field of the request that the HTTP body is, {@code *} for the whole request,
 *     empty when the body means nothing
 * @param responseBody the field of the answer that becomes the HTTP body, empty for the whole
 */
record HttpBinding(
    MethodDescriptor method,
    HttpMethod httpMethod,
    PathTemplate template,
    String body,
    String responseBody) {
  static final String WHOLE = "*";

  /**
   * The bindings of a method: those of its {@code google.api.http} annotation, and {@code POST
   * /package.Service/Method} with the request as the body.
   *
   * @throws IllegalArgumentException if the annotation names a field that is not there, or cannot
   *     be understood
   */
  static List<HttpBinding> of(MethodDescriptor method) {
    List<HttpBinding> bindings = new ArrayList<>();
    bindings.add(plain(method));
    if (method.getOptions().hasExtension(AnnotationsProto.http)) {
      HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
      bindings.add(of(method, rule));
      rule.getAdditionalBindingsList().forEach(further -> bindings.add(of(method, further)));
    }
    return bindings;
  }

  private static HttpBinding plain(MethodDescriptor method) {
    String path = "/" + method.getService().getFullName() + "/" + method.getName();
    return new HttpBinding(
        method, HttpMethod.POST, new PathTemplate(path, List.of(), false), WHOLE, "");
  }

  private static HttpBinding of(MethodDescriptor method, HttpRule rule) {
    try {
      HttpBinding binding =
          new HttpBinding(
              method,
              httpMethod(rule),
              PathTemplate.parse(path(rule)),
              rule.getBody(),
              rule.getResponseBody());
      binding.checkFields();
      return binding;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "google.api.http of " + method.getFullName() + ": " + e.getMessage(), e);
    }
  }

  private static HttpMethod httpMethod(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> HttpMethod.GET;
      case PUT -> HttpMethod.PUT;
      case POST -> HttpMethod.POST;
      case DELETE -> HttpMethod.DELETE;
      case PATCH -> HttpMethod.PATCH;
      case CUSTOM -> HttpMethod.valueOf(rule.getCustom().getKind().toUpperCase(Locale.ROOT));
      case PATTERN_NOT_SET ->
          throw new IllegalArgumentException("no path (expected: get, put, post, delete or patch)");
    };
  }

  private static String path(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> rule.getGet();
      case PUT -> rule.getPut();
      case POST -> rule.getPost();
      case DELETE -> rule.getDelete();
      case PATCH -> rule.getPatch();
      case CUSTOM -> rule.getCustom().getPath();
      case PATTERN_NOT_SET -> "";
    };
  }

  private void checkFields() {
    template.fields().forEach(field -> FieldPath.parse(method.getInputType(), field));
    if (!body.isEmpty() && !body.equals(WHOLE)) {
      FieldPath.parse(method.getInputType(), body);
    }
    if (!responseBody.isEmpty() && method.getOutputType().findFieldByName(responseBody) == null) {
      throw new IllegalArgumentException(
          responseBody + ": no such field in " + method.getOutputType().getFullName());
    }
  }

  /** Where Armeria's router finds it; gRPC proper has the plain path too, told by its type. */
  Route route() {
    RouteBuilder route = Route.builder().path(template.pattern()).methods(httpMethod);
    return isPlain() ? route.consumes(MediaType.JSON).build() : route.build();
  }

  private boolean isPlain() {
    return template.pattern().startsWith("/" + method.getService().getFullName() + "/");
  }
}
