/**
 * Finds out at run time what a method takes and answers: from the server itself, from {@code
 * .proto} files, or from a compiled descriptor set.
 *
 * <p>Start reading at {@link io.evenkeel.cli.schema.MethodSource}.
 */
@NullMarked
package io.evenkeel.cli.schema;

import org.jspecify.annotations.NullMarked;
