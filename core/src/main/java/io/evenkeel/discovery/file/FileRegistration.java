package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.registration.RegistrationRules;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One instance file that this process keeps.
 *
 * <p>Each heartbeat first looks whether the file is still the one it left. One that vanished or was
 * damaged is written again, with the latest endpoint. One that another registrar took over is left
 * alone while it is there, and one that was deregistered ends the registration.
 */
final class FileRegistration implements Registration {
  private static final Logger log = System.getLogger(FileRegistration.class.getName());

  private final FileRegistrar registrar;
  private final Path file;
  private Endpoint endpoint; // guarded by this
  private @Nullable FileVersion left; // how the last write or touch left the file; guarded by this
  private boolean closed; // guarded by this
  private String complaint = ""; // guarded by this

  FileRegistration(FileRegistrar registrar, Path file, Endpoint endpoint) {
    this.registrar = registrar;
    this.file = file;
    this.endpoint = endpoint;
  }

  @Override
  public synchronized Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public synchronized void update(Endpoint endpoint) throws RegistrationException {
    RegistrationRules.checkEndpoint(endpoint, Reach.MACHINE);
    if (!endpoint.id().equals(this.endpoint.id())) {
      throw new IllegalArgumentException(
          "id \"" + endpoint.id() + "\" (expected: \"" + this.endpoint.id() + "\", as before)");
    }
    if (closed) {
      throw new IllegalStateException("registration of \"" + endpoint.id() + "\" is closed");
    }
    this.endpoint = endpoint;
    write();
  }

  /** Writes the latest endpoint, whatever stands there. */
  synchronized void write() throws RegistrationException {
    try {
      writeAndReadBack();
    } catch (IOException e) {
      throw registrar.failure(this + " was not written", e);
    }
  }

  private void writeAndReadBack() throws IOException {
    byte[] content = registrar.contentOf(endpoint).toBytes();
    Files.createDirectories(file.getParent());
    AtomicFile.write(file, content);
    left = FileVersion.of(file);
    if (!Arrays.equals(content, BoundedFile.read(file, BoundedFile.INSTANCE_BYTES))) {
      throw new IOException(file + " holds something else right after it was written");
    }
  }

  /** The heartbeat. Never throws: a failure is logged once, and the next beat tries again. */
  synchronized void renew() {
    if (closed) {
      return;
    }
    try {
      if (stillOurs()) {
        Files.setLastModifiedTime(file, FileTime.from(registrar.wallClock().instant()));
        left = FileVersion.of(file);
      }
      complain("");
    } catch (IOException e) {
      complain(this + " was not renewed: " + IoReason.of(e));
    } catch (RuntimeException | Error fault) {
      complain(this + " was not renewed: " + fault);
    }
  }

  /** Looks after the file; false where there is nothing to renew. */
  private boolean stillOurs() throws IOException {
    try {
      if (FileVersion.of(file).equals(left)) {
        return true;
      }
      InstanceFile found = InstanceFile.parse(BoundedFile.read(file, BoundedFile.INSTANCE_BYTES));
      if (found.endpoint() == null) {
        log.log(Level.INFO, this + " was deregistered by somebody else");
        close();
        return false;
      }
      if (!found.owner().equals(registrar.contentOf(endpoint).owner())) {
        log.log(Level.DEBUG, "{0} is held by {1}", this, found.owner());
        return false;
      }
      if (found.equals(registrar.contentOf(endpoint))) {
        return true;
      }
    } catch (NoSuchFileException vanished) {
      log.log(Level.DEBUG, "{0} vanished and is written again", this);
    } catch (IOException malformed) {
      log.log(Level.DEBUG, "{0} was damaged and is written again", this);
    }
    writeAndReadBack();
    return false;
  }

  /** Lets {@code other} have the file; held up meanwhile, a heartbeat cannot write it back. */
  synchronized void replaceWith(FileRegistration other) throws RegistrationException {
    other.write();
    closed = true;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    registrar.forget(this, file);
    try {
      if (isOurs()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      log.log(Level.DEBUG, "{0} was gone already", this);
    } catch (IOException e) {
      log.log(Level.WARNING, this + " was not removed; its lease ends by itself", e);
    }
  }

  private boolean isOurs() throws IOException {
    InstanceFile found = InstanceFile.parse(BoundedFile.read(file, BoundedFile.INSTANCE_BYTES));
    return found.endpoint() == null || found.owner().equals(registrar.contentOf(endpoint).owner());
  }

  private void complain(String complaint) {
    if (!complaint.equals(this.complaint) && !complaint.isEmpty()) {
      log.log(Level.WARNING, complaint);
    }
    this.complaint = complaint;
  }

  @Override
  public synchronized String toString() {
    return "instance \"" + endpoint.id() + "\" in " + file;
  }
}
