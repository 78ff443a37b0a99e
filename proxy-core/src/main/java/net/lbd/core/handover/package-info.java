/**
 * Sockets that one process hands to the next, so that an update of the program loses no connection (decision 0069). The old process sends
 * the descriptors of what it listens on over a Unix socket ({@link net.lbd.core.handover.DescriptorPass}), the new one listens on them
 * from its start ({@link net.lbd.core.handover.ReceivedSockets}), and both accept until the old one stops: no moment without a socket, and
 * no queue of the kernel is thrown away. Used by one thread.
 */
package net.lbd.core.handover;
