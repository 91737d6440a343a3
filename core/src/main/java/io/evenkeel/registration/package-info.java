/**
 * How a server makes itself known: the write side of a registry.
 *
 * <p>Start reading at {@link io.evenkeel.registration.Registrar}; {@link
 * io.evenkeel.registration.Registrars} answers which schemes exist. To write one for a registry
 * that forgets whom it does not hear from, implement {@link io.evenkeel.registration.LeaseStore}.
 */
@NullMarked
package io.evenkeel.registration;

import org.jspecify.annotations.NullMarked;
