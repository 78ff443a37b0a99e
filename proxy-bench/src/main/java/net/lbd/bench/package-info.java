/** Micro benchmarks; {@code proxy-bench/run} runs them, and docs/benchmarks.md has the figures. */
package net.lbd.bench;
