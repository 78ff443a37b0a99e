/**
 * The tables of sample fetches, converters and the ACL names derived from fetches. Entry type:
 * {@link net.lbd.config.keyword.sample.SampleVocabulary}. Everything here is immutable.
 */
package net.lbd.config.keyword.sample;
