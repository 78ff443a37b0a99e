/**
 * What the process reports of itself, in HAProxy's columns and names: {@link net.lbd.core.report.ProxyReport} for proxies and servers,
 * {@link net.lbd.core.report.ProcessReport} for the process, and the forms in which both are written. Reading is safe on every thread
 * and never blocks; nothing here is on the way of a request.
 */
package net.lbd.core.report;
