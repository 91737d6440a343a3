package io.evenkeel.registration;

/** Says which registry did not do what, and why. */
public final class RegistrationException extends Exception {
  private static final long serialVersionUID = 1L;

  public RegistrationException(String message) {
    super(message);
  }

  public RegistrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
