package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client may cost, tried by clients that do not play along. */
class LimitsTest {
  private GatewayFixture fixture;

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void headersThatTrickle_endTheConnection() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.requestTimeout(Duration.ofMillis(300)));

    try (RawConnection client = RawConnection.open(fixture.gateway.port())) {
      client.send("GET /livez HTTP/1.1\r\nx: ");
      Trickle trickle = new Trickle(client);
      trickle.start();

      String answer = client.readToEnd();

      trickle.end();
      assertThat(answer).doesNotContain("200 OK");
    }
  }

  @Test
  void bodyThatTrickles_isAnsweredWith408() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.requestTimeout(Duration.ofMillis(300)));

    try (RawConnection client = RawConnection.open(fixture.gateway.port())) {
      client.send(
          "POST /v1/shelves/7/books HTTP/1.1\r\nhost: x\r\n"
              + "content-type: application/json\r\ncontent-length: 1000\r\n\r\n{");

      String answer = client.readUntil("}");

      assertThat(answer).startsWith("HTTP/1.1 408").contains("\"status\":\"DEADLINE_EXCEEDED\"");
      assertThat(fixture.upstream.headers).isEmpty();
    }
  }

  @Test
  void idleConnection_isClosed() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.idleTimeout(Duration.ofSeconds(1)));

    try (RawConnection client = RawConnection.open(fixture.gateway.port())) {
      client.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");

      assertThat(client.readToEnd()).contains("200 OK");
    }
  }

  @Test
  void connectionBeyondTheLimit_isClosedAtOnce() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.maxConnections(1));

    try (RawConnection first = RawConnection.open(fixture.gateway.port())) {
      first.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").readUntil("}");

      try (RawConnection second = RawConnection.open(fixture.gateway.port())) {
        assertThat(second.readToEnd()).doesNotContain("HTTP");
      }
      assertThat(first.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").readUntil("}"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void hugeHeaders_areRefused() throws Exception {
    fixture = GatewayFixture.start();

    try (RawConnection client = RawConnection.open(fixture.gateway.port())) {
      client.send("GET /livez HTTP/1.1\r\nhost: x\r\nx: " + "y".repeat(20_000) + "\r\n\r\n");

      assertThat(client.readToEnd()).startsWith("HTTP/1.1 4");
    }
  }

  /** Sends one more byte of a header every few milliseconds. */
  private static final class Trickle extends Thread {
    private static final long PAUSE_NANOS = 50_000_000;

    private final RawConnection client;
    private volatile boolean ended;

    Trickle(RawConnection client) {
      super("trickle");
      this.client = client;
    }

    @Override
    public void run() {
      while (!ended) {
        try {
          client.send("y");
        } catch (java.io.IOException e) {
          return;
        }
        java.util.concurrent.locks.LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    void end() throws InterruptedException {
      ended = true;
      join();
    }
  }
}
