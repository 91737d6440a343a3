package io.evenkeel.cli.check;

import com.google.gson.JsonElement;
import java.util.List;

/**
 * A value in a JSON file, where it stands, and where findings about it go.
 *
 * @param pointer where it stands, as a JSON pointer
 * @param value what stands there
 * @param findings what was found so far, in the whole file
 */
record Place(String pointer, JsonElement value, List<Finding> findings) {

  Place field(String name) {
    String escaped = name.replace("~", "~0").replace("/", "~1");
    return new Place(pointer + "/" + escaped, value.getAsJsonObject().get(name), findings);
  }

  Place element(int index) {
    return new Place(pointer + "/" + index, value.getAsJsonArray().get(index), findings);
  }

  void report(String message) {
    findings.add(new Finding(pointer, message));
  }

  /** Reports that the value is not what was {@code expected}. */
  void refuse(String expected) {
    report(value + " (expected: " + expected + ")");
  }
}
