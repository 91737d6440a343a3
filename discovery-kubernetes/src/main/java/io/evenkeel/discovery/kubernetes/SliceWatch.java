package io.evenkeel.discovery.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.evenkeel.discovery.kubernetes.ApiFailure.Wish;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream of changes. It ends once and is not resumed: who watches opens another one.
 *
 * <p>Thread-safe. The listener is called from the client's threads, one call at a time.
 */
final class SliceWatch implements AutoCloseable {
  private final String namespace;
  private final Listener listener;
  private final Lines lines = new Lines();
  private volatile @Nullable ApiCall call;
  private volatile boolean closed;

  /** Hears what the stream brings. */
  interface Listener {

    /** The API server has begun to tell. */
    void onOpen(SliceWatch watch);

    /** Something has changed, or a bookmark says that nothing has up to its version. */
    void onEvent(SliceWatch watch, Event event);

    /** The watch is over: in order where {@code failure} is null. */
    void onEnd(SliceWatch watch, @Nullable ApiFailure failure);
  }

  /** What an event says of its object. */
  enum Change {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK
  }

  /** An object, and what has become of it. */
  record Event(Change change, JsonNode object) {}

  SliceWatch(String namespace, Listener listener) {
    this.namespace = namespace;
    this.listener = listener;
  }

  /** Begins. Called once; may block while a program for credentials runs. */
  void open(ApiClient client, String path) {
    ApiCall opened = client.get(path, lines);
    call = opened;
    if (closed) {
      opened.close();
    }
  }

  /** Ends the stream; the listener may hear of that. Safe to call twice. */
  @Override
  public void close() {
    closed = true;
    ApiCall opened = call;
    if (opened != null) {
      opened.close();
    }
  }

  /** Takes a stream apart into lines, of which each is an event. */
  private final class Lines implements ApiClient.Reader {
    private final BoundedAnswer line = new BoundedAnswer();
    private int status;
    private Duration retryAfter = Duration.ZERO;

    @Override
    public void onStatus(int status, Duration retryAfter) {
      this.status = status;
      this.retryAfter = retryAfter;
      if (status == ApiAnswer.OK) {
        listener.onOpen(SliceWatch.this);
      }
    }

    @Override
    public void onBytes(ByteBuffer bytes) throws IOException {
      if (status != ApiAnswer.OK) {
        line.add(bytes);
        return;
      }
      int start = bytes.position();
      for (int i = start; i < bytes.limit(); i++) {
        if (bytes.get(i) == '\n') {
          line.add(bytes.slice(start, i - start));
          event(line.take());
          start = i + 1;
        }
      }
      line.add(bytes.slice(start, bytes.limit() - start));
    }

    private void event(String json) throws IOException {
      if (json.isBlank()) {
        return;
      }
      JsonNode event = tree(json);
      String type = event.path("type").asText();
      JsonNode object = event.path("object");
      if (type.equals("ERROR")) {
        throw ApiFailure.of(ApiAnswer.of(object), wish());
      }
      for (Change each : Change.values()) {
        if (each.name().equals(type)) {
          listener.onEvent(SliceWatch.this, new Event(each, object));
        }
      }
      // Kinds that are not known yet say nothing about slices.
    }

    private JsonNode tree(String json) throws IOException {
      try {
        return SliceJson.tree(json);
      } catch (IOException e) {
        String said = new ApiAnswer(status, retryAfter, json).message();
        throw ApiFailure.of("a line of the watch is no event: \"" + said + "\"");
      }
    }

    @Override
    public void onEnd(@Nullable Throwable error) {
      if (error != null) {
        listener.onEnd(SliceWatch.this, ApiFailure.of(error));
      } else if (status != ApiAnswer.OK) {
        ApiAnswer answer = new ApiAnswer(status, retryAfter, line.take());
        listener.onEnd(SliceWatch.this, ApiFailure.of(answer, wish()));
      } else {
        listener.onEnd(SliceWatch.this, null);
      }
    }

    private Wish wish() {
      return new Wish("watch", namespace);
    }
  }
}
