package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ReplyTest {
  private static final InetSocketAddress SERVER = Zone.socket("127.0.0.1", 53);
  private final Zone zone = new Zone();

  @Test
  void of_records_hasTheLeastTtl() {
    zone.address("a.test", 30, "10.0.0.1").address("a.test", 20, "10.0.0.2");

    Reply reply = reply("a.test", Type.A);

    assertThat(reply.outcome()).isEqualTo(Outcome.RECORDS);
    assertThat(reply.records()).hasSize(2);
    assertThat(reply.ttlNanos()).isEqualTo(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void of_aliasWithRecords_followsItAndCountsItsTtl() {
    Message answer = answer("a.test", Type.A);
    answer.getHeader().setRcode(Rcode.NOERROR);
    Zone other = new Zone().alias("a.test", 5, "b.test").address("b.test", 30, "10.0.0.1");
    copy(other, "a.test", answer);
    copy(other, "b.test", answer);

    Reply reply = Reply.of(answer, Zone.name("a.test"), Type.A, SERVER);

    assertThat(reply.records()).hasSize(1);
    assertThat(reply.ttlNanos()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void of_aliasLoop_ends() {
    zone.alias("a.test", 5, "b.test");
    Message answer = answer("a.test", Type.A);
    copy(new Zone().alias("b.test", 5, "a.test"), "b.test", answer);

    assertThat(Reply.of(answer, Zone.name("a.test"), Type.A, SERVER).outcome())
        .isEqualTo(Outcome.NO_RECORDS);
  }

  @Test
  void of_aliasAlone_isLeftToUs() {
    zone.alias("a.test", 5, "b.test");

    Reply reply = reply("a.test", Type.A);

    assertThat(reply.leavesAliasTo(Zone.name("a.test"))).isTrue();
    assertThat(reply.alias()).isEqualTo(Zone.name("b.test"));
  }

  @Test
  void of_recordsOfOtherNames_areNotTaken() {
    Message answer = answer("a.test", Type.A);
    answer.getHeader().setRcode(Rcode.NOERROR);
    copy(new Zone().address("evil.test", 5, "10.6.6.6"), "evil.test", answer);

    assertThat(Reply.of(answer, Zone.name("a.test"), Type.A, SERVER).records()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"30,30", "0,0"})
  void of_missingName_hasTheTtlOfItsZone(long minimum, long seconds) {
    zone.negativeTtl(minimum);

    Reply reply = reply("a.test", Type.A);

    assertThat(reply.outcome()).isEqualTo(Outcome.NO_SUCH_NAME);
    assertThat(reply.ttlNanos()).isEqualTo(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void of_missingNameWithoutAZone_saysNoTtl() {
    assertThat(reply("a.test", Type.A).ttlNanos()).isEqualTo(Reply.NO_TTL);
  }

  @ParameterizedTest
  @CsvSource({"315360000,315360000", "2147483647,2147483647"})
  void ttlNanos_huge_doesNotOverflow(long ttl, long seconds) {
    zone.address("a.test", ttl, "10.0.0.1");

    assertThat(reply("a.test", Type.A).ttlNanos()).isEqualTo(Duration.ofSeconds(seconds).toNanos());
  }

  private Reply reply(String name, int type) {
    return Reply.of(answer(name, type), Zone.name(name), type, SERVER);
  }

  private Message answer(String name, int type) {
    return zone.answer(Message.newQuery(Record.newRecord(Zone.name(name), type, DClass.IN)));
  }

  private static void copy(Zone from, String name, Message into) {
    Message answer =
        from.answer(Message.newQuery(Record.newRecord(Zone.name(name), Type.A, DClass.IN)));
    answer.getSection(Section.ANSWER).forEach(each -> into.addRecord(each, Section.ANSWER));
  }
}
