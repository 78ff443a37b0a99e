/**
 * HTTP/1 as a health check speaks it: one request written, one response read. {@link
 * net.lbd.health.http.HttpCheckRequest} makes the bytes of the request, {@link
 * net.lbd.health.http.HttpCheckResponse} reads the answer at any split of its bytes, {@link
 * net.lbd.health.http.BoundedPattern} matches without ever holding up its thread. Nothing here does I/O;
 * responses are confined to one thread, the rest is immutable.
 */
package net.lbd.health.http;
