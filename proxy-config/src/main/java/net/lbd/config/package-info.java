/**
 * The front door of the configuration language: files in, an immutable model and diagnostics out. Entry
 * type: {@link net.lbd.config.ConfigurationLoader}. Loaders are immutable and safe for any thread.
 */
package net.lbd.config;
