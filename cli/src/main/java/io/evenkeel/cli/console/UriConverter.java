package io.evenkeel.cli.console;

import io.evenkeel.Targets;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the URI of a registry from the command line, also one that lists hosts with ports of their
 * own, which is no URI before it is escaped.
 */
public final class UriConverter implements ITypeConverter<URI> {

  @Override
  public URI convert(String text) {
    try {
      return new URI(Targets.escape(text));
    } catch (URISyntaxException e) {
      throw new TypeConversionException(
          "\"%s\" is no URI: %s (expected: such as file:///var/run/services)"
              .formatted(Targets.redact(text), e.getReason()));
    }
  }
}
