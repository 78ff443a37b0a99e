/**
 * Health checks of servers, usable without the proxy. {@link net.lbd.health.HealthMonitor} watches {@link
 * net.lbd.health.CheckTarget}s and tells a {@link net.lbd.health.HealthListener} of every result and transition.
 * {@link net.lbd.health.HealthState} is the machine behind {@code rise} and {@code fall}, {@link
 * net.lbd.health.CheckSchedule} says when to check next; both do no I/O. One watch lives on one event loop, where
 * its listener is called too; snapshots are immutable and may be read anywhere.
 */
package net.lbd.health;
