/**
 * The keyword tables of {@code defaults}, {@code frontend}, {@code backend} and {@code listen}. Everything here is immutable.
 */
package net.lbd.config.keyword.proxy;
