/**
 * The control socket: HAProxy's command protocol, one row of a table per command. Entry types: {@link
 * net.lbd.cli.command.CommandServer} answers on one socket, {@link net.lbd.cli.command.ControlSocketSet}
 * holds those that the configuration names; {@link net.lbd.cli.command.CommandTable} lists the families.
 * Commands run on the thread of their client, never on an event loop.
 */
package net.lbd.cli.command;
