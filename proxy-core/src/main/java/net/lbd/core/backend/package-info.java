/**
 * Backends and servers as one snapshot of the configuration has them, and what survives a reload of
 * them. Entry types: {@link net.lbd.core.backend.Backend} and {@link net.lbd.core.backend.Server}, immutable
 * and shared by all event loops; the state they refer to is thread-safe.
 */
package net.lbd.core.backend;
