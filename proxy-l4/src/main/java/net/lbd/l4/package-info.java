/**
 * Directors: layer 4 by the kernel's own packet engine. This module is the control plane: it turns sections and the states of
 * their servers into tables of nftables, and reads the counters back; no packet passes through Java. Entry type: {@link
 * net.lbd.l4.PacketEngine}, whose control thread does all the work.
 */
package net.lbd.l4;
