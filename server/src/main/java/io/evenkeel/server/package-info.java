/**
 * A gRPC server that makes itself known, says when it is ready, defends itself and leaves in order.
 *
 * <p>Start reading at {@link io.evenkeel.server.EvenkeelServer}.
 */
@NullMarked
package io.evenkeel.server;

import org.jspecify.annotations.NullMarked;
