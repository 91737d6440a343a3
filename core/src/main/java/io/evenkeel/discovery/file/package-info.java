/**
 * The back end that needs no server: a list file, or a directory with one file per instance.
 * Discovery and registration of it share the file format, so both stand here.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.file.FileDiscoveryProvider}; {@code
 * ServiceDirectory} explains the leases.
 */
@NullMarked
package io.evenkeel.discovery.file;

import org.jspecify.annotations.NullMarked;
