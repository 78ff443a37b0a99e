/**
 * Whether the machine is set up for what a configuration asks of its network, before connections time out over it. Entry type:
 * {@link net.lbd.l4.preflight.Preflight}.
 */
package net.lbd.l4.preflight;
