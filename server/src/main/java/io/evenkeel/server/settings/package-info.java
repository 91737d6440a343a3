/**
 * What can be set about a server, and where a value may come from: flags, environment, a YAML file.
 *
 * <p>Start reading at {@link io.evenkeel.server.settings.ServerSetting}, the table of all settings;
 * {@link io.evenkeel.server.settings.SettingsLoader} has the order of the sources.
 */
@NullMarked
package io.evenkeel.server.settings;

import org.jspecify.annotations.NullMarked;
