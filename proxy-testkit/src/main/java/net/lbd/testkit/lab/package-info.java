/**
 * A laboratory of network namespaces: machines with real networks between them, for tests of what only the kernel does. Needs root
 * and {@code ip}; entry type: {@link net.lbd.testkit.lab.Lab}.
 */
package net.lbd.testkit.lab;
