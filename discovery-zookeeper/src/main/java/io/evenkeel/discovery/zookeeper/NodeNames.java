package io.evenkeel.discovery.zookeeper;

import java.nio.charset.StandardCharsets;

/**
 * Names of nodes for ids of instances: the id itself, but for what ZooKeeper has no room for, which
 * is percent-encoded.
 */
final class NodeNames {

  private NodeNames() {}

  /** The name of the node of {@code id}; different for different ids. */
  static String of(String id) {
    if (id.equals(".") || id.equals("..")) {
      return id.replace(".", "%2E");
    }
    StringBuilder name = new StringBuilder(id.length());
    id.codePoints().forEach(each -> append(name, each));
    return name.toString();
  }

  private static void append(StringBuilder name, int character) {
    if (isAllowed(character)) {
      name.appendCodePoint(character);
      return;
    }
    for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
      name.append('%').append("%02X".formatted(each));
    }
  }

  /** A percent sign is not, so that no id can look like another one's name. */
  private static boolean isAllowed(int character) {
    return character != '/'
        && character != '%'
        && !Character.isISOControl(character)
        && (character < Character.MIN_SURROGATE || character > '\uf8ff')
        && character < '\ufff0';
  }
}
