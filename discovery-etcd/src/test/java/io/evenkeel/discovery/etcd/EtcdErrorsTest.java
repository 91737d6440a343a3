package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads; the real etcd and the real transport say the rest of it. */
class EtcdErrorsTest {
  private static final EtcdTarget TARGET = EtcdTarget.service(URI.create("etcd://h:1/orders"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNAVAILABLE|etcdserver: no leader|etcdserver: no leader",
        "DEADLINE_EXCEEDED|CallOptions deadline exceeded after 4.99s. [connecting_and_lb_delay=49|no answer within 5 s",
        "UNIMPLEMENTED|Method not found: etcdserverpb.KV/Range|is a gRPC server, but no etcd (Method not found: etcdserverpb.KV/Range)",
        "UNAVAILABLE|Network closed for unknown reason|it closed the connection: it is stopping, or takes TLS only (then ?tls=true)",
        "UNAVAILABLE|target \"fixed:///h:1\": no endpoints: endpoint \"h:1\": host name does not resolve|no endpoints: endpoint \"h:1\": host name does not resolve",
        "INTERNAL||INTERNAL"
      })
  void explain_status_saysWhatAnOperatorCanUse(Status.Code code, String said, String explained) {
    assertThat(explain(code.toStatus().withDescription(said)))
        .isEqualTo("etcd at h:1: " + explained);
  }

  @Test
  void explain_refusedConnection_isWithoutTheSystemCall() {
    IOException refused =
        new IOException("finishConnect(..) failed with error(-111): Connection refused");
    Status status = Status.UNAVAILABLE.withDescription("io exception").withCause(refused);

    assertThat(explain(status)).isEqualTo("etcd at h:1: cannot be reached: Connection refused");
  }

  @Test
  void explain_untrustedCertificate_saysHowToTrustIt() {
    IOException untrusted =
        new IOException("unable to find valid certification path to requested target");
    Status status = Status.UNAVAILABLE.withDescription("io exception").withCause(untrusted);

    assertThat(explain(status))
        .startsWith("etcd at h:1: its certificate is not trusted: unable to find")
        .endsWith("(name its authority by EVENKEEL_ETCD_CA_FILE)");
  }

  private static String explain(Status status) {
    return EtcdErrors.explain(TARGET, Wish.read("orders/"), status.asException());
  }
}
