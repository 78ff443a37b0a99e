/** Addresses shared with a partner: sections {@code vrrp}, carried out by keepalived, which the daemon tells whether it serves. */
package net.lbd.cli.vrrp;
