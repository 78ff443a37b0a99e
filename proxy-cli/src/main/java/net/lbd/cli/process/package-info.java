/**
 * The daemon's process: command line, start, signals, systemd, stop. Entry type: {@link
 * net.lbd.cli.process.Main}. The main thread starts the engine and then waits for the end; signals and
 * control sockets work on threads of their own.
 */
package net.lbd.cli.process;
