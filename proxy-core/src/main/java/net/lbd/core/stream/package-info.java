/**
 * One exchange at a time: its state ({@link net.lbd.core.stream.Stream}), the phases it passes ({@code
 * HttpPhases}), the way back ({@code ResponseSide}), and its end ({@code Ending}). Event-loop confined.
 */
package net.lbd.core.stream;
