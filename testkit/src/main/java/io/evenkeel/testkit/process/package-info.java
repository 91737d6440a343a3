/**
 * Real servers as processes of their own, for tests of what speaks to them: started on loopback and
 * free ports, paused, killed, restarted, and stopped by their process id.
 *
 * <p>Start reading at {@link io.evenkeel.testkit.process.ServerProcess}; {@link
 * io.evenkeel.testkit.process.RequiresServer} says what a test does where a server is not
 * installed.
 */
@NullMarked
package io.evenkeel.testkit.process;

import org.jspecify.annotations.NullMarked;
