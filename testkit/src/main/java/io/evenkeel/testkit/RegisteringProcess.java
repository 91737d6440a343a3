package io.evenkeel.testkit;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another process that holds one registration until it is killed. */
public final class RegisteringProcess implements AutoCloseable {
  private static final String READY = "registered";

  /** A busy machine lets attempts time out; what is refused stays refused. */
  private static final int MORE_ATTEMPTS = 5;

  private final Process process;

  private RegisteringProcess(Process process) {
    this.process = process;
  }

  /** Starts a process with this one's class path, and returns when it has registered. */
  public static RegisteringProcess start(URI registry, String service, String id, int port)
      throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RegisteringProcess.class.getName(),
                registry.toString(),
                service,
                id,
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    if (!READY.equals(line)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not register: " + line);
    }
    return new RegisteringProcess(process);
  }

  /** Kills it as {@code kill -9} does: it gets no chance to deregister. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Whether it still holds its registration. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The other process: registry, service, id and port. Ends with its input. */
  public static void main(String[] args) throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[3]));
    register(Registrars.open(URI.create(args[0])), args[1], Endpoint.of(address).withId(args[2]));
    System.out.println(READY);
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
  }

  private static void register(Registrar registrar, String service, Endpoint endpoint)
      throws RegistrationException {
    for (int failed = 0; ; failed++) {
      try {
        registrar.register(service, endpoint);
        return;
      } catch (RegistrationException e) {
        if (failed == MORE_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
