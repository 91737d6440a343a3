package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ConnectivityState;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = GatewayFixture.start();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void livez_withoutUpstream_is200() throws Exception {
    fixture.upstream.close();

    assertThat(fixture.get("/livez").statusCode()).isEqualTo(200);
    assertThat(fixture.send("HEAD", "/livez", "").statusCode()).isEqualTo(200);
  }

  @Test
  void readyz_beforeTheFirstConnection_is503AndConnects() throws Exception {
    HttpResponse<String> response = fixture.get("/readyz");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body())
        .isEqualTo(
            "{\"status\":\"not ready\","
                + "\"not_ready\":[{\"name\":\"library.Library\",\"state\":\"IDLE\"}]}");
    awaitReady();
  }

  @Test
  void readyz_connectedUpstream_is200() throws Exception {
    fixture.channel.getState(true);
    awaitReady();

    HttpResponse<String> response = fixture.get("/readyz");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"ready\"}");
  }

  @Test
  void readyz_lostUpstream_is503AndNamesIt() throws Exception {
    fixture.channel.getState(true);
    awaitReady();
    CountDownLatch lost = new CountDownLatch(1);
    fixture.channel.notifyWhenStateChanged(ConnectivityState.READY, lost::countDown);

    fixture.upstream.close();
    assertThat(lost.await(GatewayFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    HttpResponse<String> response = fixture.get("/readyz");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("library.Library");
  }

  private void awaitReady() throws InterruptedException {
    for (ConnectivityState state = fixture.channel.getState(true);
        state != ConnectivityState.READY;
        state = fixture.channel.getState(true)) {
      CountDownLatch changed = new CountDownLatch(1);
      fixture.channel.notifyWhenStateChanged(state, changed::countDown);
      assertThat(changed.await(GatewayFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }
}
