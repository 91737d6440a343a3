package io.evenkeel.discovery.dns;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Reads a service config from the TXT records of {@code _grpc_config.} and the host, as gRFC A2
 * says: a list of choices, of which the first that fits this client counts.
 *
 * <p>Records that are malformed are a problem and change nothing: the addresses serve, under the
 * last good config if there was one. What percentile of clients this one belongs to is drawn once,
 * or a canary's config would come and go with each look.
 *
 * <p>Used in the discovery's synchronization context only.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A2-service-configs-in-dns.md">gRFC
 *     A2</a>
 */
final class ServiceConfigLookup {
  private static final String LABEL = "_grpc_config";
  private static final String PREFIX = "grpc_config=";
  private static final String LANGUAGE = "java";
  private static final TypeAdapter<Object> JSON = new Gson().getAdapter(Object.class);

  private final double percentile;
  private final HostName hostNameSource;
  private volatile @Nullable String hostName;
  private @Nullable Map<String, ?> current;

  /** What a look found. */
  record Found(@Nullable Map<String, ?> config, List<String> problems) {}

  /** How this machine is called. */
  interface HostName {
    String get() throws IOException;
  }

  ServiceConfigLookup(DoubleSupplier random) {
    this(random, () -> InetAddress.getLocalHost().getHostName());
  }

  ServiceConfigLookup(DoubleSupplier random, HostName hostName) {
    this.percentile = random.getAsDouble() * 100;
    this.hostNameSource = hostName;
  }

  /** Finds out how this machine is called, once; may block. */
  void prepare() throws IOException {
    if (hostName == null) {
      hostName = hostNameSource.get();
    }
  }

  /** Looks for the config of {@code domain}. */
  CompletableFuture<Found> look(Name domain, DnsClient client) {
    try {
      Name name = Name.concatenate(Name.fromString(LABEL), domain);
      return client.ask(name, Type.TXT).thenApply(reply -> found(name, reply));
    } catch (NameTooLongException tooLongToExist) {
      return CompletableFuture.completedFuture(new Found(null, List.of()));
    } catch (TextParseException e) {
      throw new IllegalStateException(LABEL + " is no label", e);
    }
  }

  private Found found(Name name, Reply reply) {
    if (!reply.outcome().isDefinite()) {
      return kept(name, reply.detail());
    }
    try {
      Map<String, ?> chosen = null;
      for (Record each : reply.records()) {
        String text = text((TXTRecord) each);
        if (chosen == null && text.startsWith(PREFIX)) {
          chosen = choose(parse(text.substring(PREFIX.length())));
        }
      }
      current = chosen;
      return new Found(chosen, List.of());
    } catch (IOException | IllegalArgumentException e) {
      return kept(name, String.valueOf(e.getMessage()));
    }
  }

  private Found kept(Name name, String why) {
    String kept = current == null ? "; no service config is used" : "; the last one stays in use";
    return new Found(current, List.of("TXT of " + Names.text(name) + ": " + why + kept));
  }

  /** A record holds one text in pieces of at most 255 bytes. */
  private static String text(TXTRecord record) {
    StringBuilder text = new StringBuilder();
    for (byte[] piece : record.getStringsAsByteArrays()) {
      text.append(new String(piece, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private static List<?> parse(String json) throws IOException {
    Object value;
    JsonToken after;
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      reader.setStrictness(Strictness.STRICT);
      value = JSON.read(reader);
      after = reader.peek();
    } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
      throw new IOException("malformed JSON", e);
    }
    if (value instanceof List<?> choices && after == JsonToken.END_DOCUMENT) {
      return choices;
    }
    throw new IOException("not a JSON list of choices");
  }

  private @Nullable Map<String, ?> choose(List<?> choices) {
    for (Object each : choices) {
      Map<String, ?> choice = object(each, "choice");
      if (fits(choice)) {
        return object(choice.get("serviceConfig"), "serviceConfig");
      }
    }
    return null;
  }

  private boolean fits(Map<String, ?> choice) {
    Object percentage = choice.get("percentage");
    if (percentage != null && percentile >= percentage(percentage)) {
      return false;
    }
    List<String> languages = strings(choice, "clientLanguage");
    List<String> hosts = strings(choice, "clientHostname");
    return (languages.isEmpty() || languages.contains(LANGUAGE))
        && (hosts.isEmpty() || hosts.contains(hostName));
  }

  private static double percentage(Object value) {
    if (value instanceof Double number && number >= 0 && number <= 100) {
      return number;
    }
    throw new IllegalArgumentException("percentage: " + value + " (expected: 0..100)");
  }

  private static List<String> strings(Map<String, ?> choice, String field) {
    Object value = choice.get(field);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      boolean lower = field.equals("clientLanguage");
      return list.stream()
          .map(String.class::cast)
          .map(each -> lower ? each.toLowerCase(Locale.ROOT) : each)
          .toList();
    }
    throw new IllegalArgumentException(field + ": " + value + " (expected: a list of strings)");
  }

  @SuppressWarnings("unchecked") // The keys of what Gson reads are strings.
  private static Map<String, ?> object(@Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, ?>) map;
    }
    throw new IllegalArgumentException(what + ": " + value + " (expected: an object)");
  }
}
