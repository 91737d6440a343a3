package io.evenkeel.cli.check;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.evenkeel.config.NearestName;
import io.grpc.Status;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a JSON value must look like. Implementations report what does not fit and go on. */
@FunctionalInterface
interface Shape {
  Pattern DURATION = Pattern.compile("-?\\d{1,12}(\\.\\d{1,9})?s");

  /** Status codes by name; gRPC understands their numbers as well. */
  Set<String> STATUS_NAMES =
      Set.copyOf(Arrays.stream(Status.Code.values()).map(Enum::name).toList());

  void check(Place place);

  /** An object with these fields and no others, none of them required. */
  static Shape object(Map<String, Shape> fields) {
    return place -> {
      if (!place.value().isJsonObject()) {
        place.refuse("an object");
        return;
      }
      for (String name : place.value().getAsJsonObject().keySet()) {
        Shape shape = fields.get(name);
        if (shape == null) {
          place.field(name).report("unknown field " + hint(name, fields.keySet()));
        } else {
          shape.check(place.field(name));
        }
      }
    };
  }

  /** Some of the fields that this shape has must be there. */
  default Shape requiring(String... names) {
    return place -> {
      check(place);
      if (place.value() instanceof JsonObject object) {
        Arrays.stream(names)
            .filter(name -> !object.has(name))
            .forEach(
                name -> place.report("has no \"" + name + "\", without which gRPC refuses it"));
      }
    };
  }

  /** Looks at the value as well, if it fits so far. */
  default Shape and(Shape further) {
    return place -> {
      int before = place.findings().size();
      check(place);
      if (place.findings().size() == before) {
        further.check(place);
      }
    };
  }

  /** Looks at the value as well, whether it fits so far or not. */
  default Shape also(Shape further) {
    return place -> {
      check(place);
      further.check(place);
    };
  }

  /** A list of values of one shape. */
  static Shape list(Shape element) {
    return place -> {
      if (!place.value().isJsonArray()) {
        place.refuse("a list");
        return;
      }
      for (int i = 0; i < place.value().getAsJsonArray().size(); i++) {
        element.check(place.element(i));
      }
    };
  }

  static Shape text() {
    return place -> {
      if (!isString(place.value())) {
        place.refuse("text");
      }
    };
  }

  static Shape flag() {
    return place -> {
      boolean fits = place.value() instanceof JsonPrimitive value && value.isBoolean();
      if (!fits) {
        place.refuse("true or false");
      }
    };
  }

  /** A whole number from {@code min} to {@code max}, also as text. */
  static Shape wholeNumber(long min, long max) {
    return place -> {
      BigDecimal number = number(place.value());
      boolean fits =
          number.stripTrailingZeros().scale() <= 0
              && number.compareTo(BigDecimal.valueOf(min)) >= 0
              && number.compareTo(BigDecimal.valueOf(max)) <= 0;
      if (!fits) {
        place.refuse(
            max == Integer.MAX_VALUE
                ? "a whole number, at least " + min
                : "a whole number " + min + ".." + max);
      }
    };
  }

  /** A number above zero, at most {@code max}, also as text. */
  static Shape positiveNumber(double max) {
    return place -> {
      BigDecimal number = number(place.value());
      if (number.signum() <= 0 || number.doubleValue() > max) {
        place.refuse("a number above 0" + (max == Double.MAX_VALUE ? "" : ", at most " + max));
      }
    };
  }

  /** A duration of zero or longer. */
  static Shape duration() {
    return place -> {
      if (!isDuration(place.value()) || place.value().getAsString().startsWith("-")) {
        place.refuse("a duration in seconds, such as \"0.1s\"");
      }
    };
  }

  /** A duration longer than zero. */
  static Shape positiveDuration() {
    return duration()
        .and(
            place -> {
              String seconds = place.value().getAsString().replace("s", "");
              if (new BigDecimal(seconds).signum() == 0) {
                place.refuse("a duration longer than zero, such as \"0.1s\"");
              }
            });
  }

  /** A status code by name or number, other than OK. */
  static Shape failure() {
    return place -> {
      if (isString(place.value())) {
        String name = place.value().getAsString();
        if (!STATUS_NAMES.contains(name)) {
          place.report("unknown status \"" + name + "\" " + hint(name, STATUS_NAMES));
        } else if (name.equals("OK")) {
          place.refuse("a status other than OK");
        }
      } else {
        wholeNumber(1, Status.Code.values().length - 1).check(place);
      }
    };
  }

  private static boolean isString(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }

  private static boolean isDuration(JsonElement value) {
    return isString(value) && DURATION.matcher(value.getAsString()).matches();
  }

  /** The number that {@code value} is, or one that fits nowhere. */
  private static BigDecimal number(JsonElement value) {
    BigDecimal none = BigDecimal.valueOf(-1.5);
    if (!(value instanceof JsonPrimitive primitive) || primitive.isBoolean()) {
      return none;
    }
    try {
      return primitive.getAsBigDecimal();
    } catch (NumberFormatException notANumber) {
      return none;
    }
  }

  private static String hint(String name, Collection<String> valid) {
    return NearestName.hint(name, valid.stream().sorted().toList());
  }

  /** Reports {@code message} wherever the field is used. */
  default Shape warning(String message) {
    Shape checked = this;
    return place -> {
      checked.check(place);
      place.report(message);
    };
  }

  /** A list that holds at least one element. */
  default Shape notEmpty() {
    return and(
        place -> {
          if (place.value().getAsJsonArray().isEmpty()) {
            place.refuse("at least one element");
          }
        });
  }
}
