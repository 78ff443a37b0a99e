/**
 * HTTP/1 messages: the parser of heads, the one place that decides framing, the reader of bodies, and
 * the writers. Knows nothing of streams, sessions or configuration. Entry types: {@link
 * net.lbd.core.http.HttpMessage} and {@link net.lbd.core.http.HeadParser}. Event-loop confined unless a
 * class says otherwise.
 */
package net.lbd.core.http;
