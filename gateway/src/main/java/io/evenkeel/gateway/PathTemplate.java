package io.evenkeel.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of an HTTP rule, such as {@code /v1/{name=shelves/*}/books/{id}:archive}.
 *
 * <p>Grammar: a variable is {@code {field}} or {@code {field=segments}}, {@code *} stands for one
 * segment and {@code **} for all that follow, {@code :verb} may end the path.
 *
 * @param pattern the same path for Armeria's router, its n-th variable named as {@link #group} says
 * @param fields the field of each variable, in order
 * @param hasVerb whether it ends in {@code :verb}; such a path must be tried before others
 * @see <a href="https://github.com/googleapis/googleapis/blob/master/google/api/http.proto">path
 *     template syntax</a>
 */
record PathTemplate(String pattern, List<String> fields, boolean hasVerb) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z_][\\w.]*)(?:=([^{}]+))?}");
  private static final Pattern WILDCARD = Pattern.compile("\\*\\*|\\*");
  private static final String ONE_SEGMENT = "*";

  PathTemplate {
    fields = List.copyOf(fields);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  static PathTemplate parse(String template) {
    List<String> fields = new ArrayList<>();
    StringBuilder simple = new StringBuilder();
    StringBuilder regex = new StringBuilder("regex:^");
    boolean isSimple = true;
    int end = 0;
    Matcher variable = VARIABLE.matcher(template);
    while (variable.find()) {
      String before = literal(template.substring(end, variable.start()), template);
      String segments = variable.group(2) == null ? ONE_SEGMENT : variable.group(2);
      String group = group(fields.size());
      isSimple &= isPlain(before) && segments.equals(ONE_SEGMENT);
      simple.append(before).append(':').append(group);
      regex.append(toRegex(before)).append("(?<").append(group).append('>');
      regex.append(toRegex(segments)).append(')');
      fields.add(variable.group(1));
      end = variable.end();
    }
    String rest = literal(template.substring(end), template);
    isSimple &= isPlain(rest);
    String pattern = isSimple ? simple.append(rest).toString() : regex.append(toRegex(rest)) + "$";
    boolean hasVerb = rest.lastIndexOf(':') > rest.lastIndexOf('/');
    return new PathTemplate(pattern, fields, hasVerb);
  }

  /** The router's name for the n-th variable, counted from 0. */
  static String group(int index) {
    return "v" + index;
  }

  private static String literal(String text, String template) {
    if (!template.startsWith("/") || text.contains("{") || text.contains("}")) {
      throw new IllegalArgumentException(
          "path: \"%s\" (expected: such as /v1/{name=shelves/*}/books/{id})".formatted(template));
    }
    return text;
  }

  /** Whether Armeria reads it as we do, without an expression. */
  private static boolean isPlain(String text) {
    return text.indexOf('*') < 0 && text.indexOf(':') < 0;
  }

  private static String toRegex(String segments) {
    StringBuilder regex = new StringBuilder();
    int end = 0;
    Matcher wildcard = WILDCARD.matcher(segments);
    while (wildcard.find()) {
      regex.append(quoted(segments.substring(end, wildcard.start())));
      regex.append(wildcard.group().equals(ONE_SEGMENT) ? "[^/]+" : ".*");
      end = wildcard.end();
    }
    return regex.append(quoted(segments.substring(end))).toString();
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "" : Pattern.quote(text);
  }
}
