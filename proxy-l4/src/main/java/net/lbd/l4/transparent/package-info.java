/** The way back of connections that servers see coming from foreign addresses. */
package net.lbd.l4.transparent;
