/**
 * The tables of the log: variables of log-format strings, and the formats that have names. Everything
 * here is immutable.
 */
package net.lbd.config.keyword.log;
