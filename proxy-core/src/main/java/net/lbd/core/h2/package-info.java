/**
 * HTTP/2 on the wire: frames, header compression, windows and what a peer may do; nothing about exchanges. Entry types:
 * {@link net.lbd.core.h2.FrameWriter} and {@link net.lbd.core.h2.FieldDecoder}. Netty's frame reader and HPACK tables do the
 * parsing; what is kept for a stream is kept by its user. Event-loop confined.
 */
package net.lbd.core.h2;
