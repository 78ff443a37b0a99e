/**
 * Sample fetches and converters, compiled from {@link net.lbd.config.model.SampleSpec}. Entry type:
 * {@code SampleExpression}. Compiled expressions are immutable and shared; the {@link
 * net.lbd.core.sample.Sample}s they fill are confined to one event loop.
 */
package net.lbd.core.sample;
