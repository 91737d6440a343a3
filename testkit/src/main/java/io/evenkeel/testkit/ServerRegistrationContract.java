package io.evenkeel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.testkit.process.RegistryServer;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What every registry that is a server of its own owes those who register, beyond {@link
 * RegistrationContract}.
 */
public abstract class ServerRegistrationContract extends RegistrationContract {

  /** The server, which all tests of the class may share. */
  protected abstract RegistryServer server();

  /** Where in the server the instances of this test are, such as {@code /test-1}; or empty. */
  protected abstract String path();

  /** The environment variable that the secret belongs into. */
  protected abstract String secretVariable();

  /**
   * Writes an instance of {@link #SERVICE} that nobody holds, as other programs do.
   *
   * @return its id
   */
  protected abstract String putUnheld() throws Exception;

  @Override
  protected final URI registry() {
    return registryWith("ttl=" + ttl().toSeconds() + "s");
  }

  /** The registry with another query, and instances on loopback. */
  protected final URI registryWith(String query) {
    return URI.create(server().uri() + path() + "?loopback=allow&" + query);
  }

  @Test
  void register_loopbackNotAllowed_isRefused() {
    try (Registrar strict = Registrars.open(URI.create(server().uri()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> strict.register(SERVICE, instance("a", 1)))
          .withMessageContaining("not loopback; ?loopback=allow");
    }
  }

  @Test
  void deregister_instanceThatNobodyHolds_removesIt() throws Exception {
    String id = putUnheld();
    Registrar registrar = open();
    Await.until(BOUND, () -> registrar.instances(SERVICE), listed -> listed.size() == 1);

    boolean removed = registrar.deregister(SERVICE, id);

    assertThat(removed).isTrue();
    assertThat(open().instances(SERVICE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "?ttl=500ms, ttl",
    "?ttl=2h, ttl",
    "?loopback=yes, allow or refuse",
    "?ttll=10s, did you mean \"ttl\"",
  })
  void open_wrongSetting_isRefused(String setting, String message) {
    assertRefused(server().uri() + setting, message);
  }

  @Test
  void open_passwordInTheUri_isRefusedWithoutShowingIt() {
    String registry = server().uri().replace("://", "://root:secret@");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registrars.open(URI.create(registry)))
        .withMessageContaining(secretVariable())
        .withMessageNotContaining("secret");
  }

  /** Checks that {@code registry} cannot be opened, for a reason that contains {@code message}. */
  protected static void assertRefused(String registry, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registrars.open(URI.create(registry)))
        .withMessageContaining(message);
  }
}
