/**
 * Stick-tables: {@link net.lbd.core.stick.StickTable} keeps entries, {@link net.lbd.core.stick.Tracking} is what a connection
 * or stream counts for. Tables are shared by all event loops; each says how.
 */
package net.lbd.core.stick;
