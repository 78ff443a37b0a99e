/**
 * Statements to sections: headers, inheritance from {@code defaults}, the look-up of directives. Entry
 * type: {@link net.lbd.config.section.SectionParser}. Instances belong to one load and one thread.
 */
package net.lbd.config.section;
