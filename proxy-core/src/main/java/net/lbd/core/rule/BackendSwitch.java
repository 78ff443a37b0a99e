package net.lbd.core.rule;

/** Placeholder until the rules land. */
public final class BackendSwitch { }
