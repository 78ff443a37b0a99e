/**
 * The keyword tables of health checks. Everything here is immutable.
 */
package net.lbd.config.keyword.check;
