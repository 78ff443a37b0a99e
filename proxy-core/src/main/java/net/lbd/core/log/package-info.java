/**
 * Log lines: rendering them ({@link net.lbd.core.log.LogFormat}), deciding about them ({@link
 * net.lbd.core.log.StreamLog}) and bringing them to their targets ({@link net.lbd.core.log.LogWriter}).
 * Event loops render into memory of their own and hand the bytes to a ring; one writer thread does all
 * input and output, so that no target, however slow, holds traffic up.
 */
package net.lbd.core.log;
