/**
 * The keyword tables as documentation. Entry type: {@link net.lbd.config.reference.ReferenceWriter}.
 */
package net.lbd.config.reference;
