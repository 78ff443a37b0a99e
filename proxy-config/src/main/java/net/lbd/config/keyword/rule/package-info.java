/**
 * The keyword tables of rules: {@code http-request} and its kin, {@code redirect}, {@code tcp-request}. Everything here is immutable.
 */
package net.lbd.config.keyword.rule;
