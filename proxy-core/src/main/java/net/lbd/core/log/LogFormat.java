package net.lbd.core.log;

/** Placeholder until the logs land. */
public final class LogFormat { }
