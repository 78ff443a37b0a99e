/**
 * From the text of the configuration to a published snapshot. Entry type: {@link
 * net.lbd.cli.reload.ReloadCoordinator}; what it drives is an {@link net.lbd.cli.reload.Engine}.
 * Reloads happen one at a time, on the thread that asks for one.
 */
package net.lbd.cli.reload;
