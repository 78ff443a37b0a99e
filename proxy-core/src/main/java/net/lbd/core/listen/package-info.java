/**
 * Listening sockets and the first steps of a client connection. Entry types: {@link
 * net.lbd.core.listen.Listener} and {@link net.lbd.core.listen.PipelineAssembler}. Listeners and admissions are
 * thread-safe; what belongs to one connection is event-loop confined.
 */
package net.lbd.core.listen;
