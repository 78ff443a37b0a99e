/**
 * Exchange out of the box: the form ({@link net.lbd.cli.exchange.Site}, read from {@code site.yaml}), the configuration that is written from it, and the
 * list of what is to be done on the servers. Knows the language as text only; whoever calls checks what was written with the
 * loader that checks hand-written files.
 */
package net.lbd.cli.exchange;
