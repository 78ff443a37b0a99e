/**
 * What is known of one client connection. Entry type: {@link net.lbd.core.session.Session}. Event-loop
 * confined.
 */
package net.lbd.core.session;
