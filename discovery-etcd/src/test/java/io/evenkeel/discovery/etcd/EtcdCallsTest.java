package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.evenkeel.registration.RegistrationException;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which answers cost a client of its own, and which do not. */
class EtcdCallsTest {
  private FakeEtcd etcd;
  private EtcdCalls calls;

  @BeforeEach
  void start() throws Exception {
    etcd = new FakeEtcd();
    EtcdTarget registry = EtcdTarget.registry(URI.create("etcd://h:1/prod"));
    calls = new EtcdCalls(registry, etcd::open, Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    calls.close();
    etcd.close();
  }

  @Test
  void ask_answered_keepsTheClient() throws Exception {
    ask();
    ask();

    assertThat(etcd.clients()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_FOUND", "PERMISSION_DENIED"})
  void ask_refused_keepsTheClient(Status.Code code) throws Exception {
    refuse(code.toStatus().withDescription("etcdserver: refused"));

    ask();

    assertThat(etcd.clients()).isEqualTo(1);
  }

  /** Etcd's codes for a token that it has forgotten, or that is older than the users it knows. */
  @ParameterizedTest
  @EnumSource(names = {"UNAUTHENTICATED", "INVALID_ARGUMENT", "UNAVAILABLE"})
  void ask_tokenOfNoUseOrEtcdAway_opensAnotherClient(Status.Code code) throws Exception {
    refuse(code.toStatus().withDescription("etcdserver: revision of auth store is old"));

    ask();

    assertThat(etcd.clients()).isEqualTo(2);
  }

  private void refuse(Status status) {
    etcd.refuse(status);
    assertThatThrownBy(this::ask)
        .isInstanceOf(RegistrationException.class)
        .hasMessage("etcd at h:1: " + status.getDescription());
    etcd.refuse(Status.OK);
  }

  private RangeResponse ask() throws RegistrationException {
    RangeRequest everything =
        RangeRequest.newBuilder().setKey(EtcdKeys.first("")).setRangeEnd(EtcdKeys.end("")).build();
    return calls.ask(KVGrpc.getRangeMethod(), everything, Wish.read("prod/"));
  }
}
