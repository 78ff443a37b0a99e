/**
 * The running proxy. Entry type: {@link net.lbd.core.runtime.ProxyEngine}, thread-safe, which has {@code
 * RuntimeCompiler} turn a configuration into what runs and puts it in force on the {@link
 * net.lbd.core.runtime.Worker}s.
 */
package net.lbd.core.runtime;
