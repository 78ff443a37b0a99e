/**
 * Sockets of other network namespaces. A socket belongs for good to the namespace of the process that made it, so a small process for
 * each namespace makes them and passes them on; everything else, binding, connecting, options, is done here as for any other socket
 * (decision 0063). Entry type: {@link net.lbd.core.netns.Namespaces}; what workers meet is {@link net.lbd.core.netns.Namespace}. Thread-safe;
 * the processes are looked after on one event loop of their own.
 */
package net.lbd.core.netns;
