/**
 * One run of one health check. {@link net.lbd.health.check.CheckPlan} is what a {@code CheckSpec} compiles to,
 * once; {@link net.lbd.health.check.CheckRunner} carries it out on one Netty channel and yields a {@link
 * net.lbd.health.check.CheckResult}. A new kind of step is one class that implements {@code Step} and one line
 * in {@code CheckPlan}. Everything of a run is confined to its event loop; plans and results are immutable.
 */
package net.lbd.health.check;
