package net.lbd.config.model;

/** Whether the other side's certificate is checked. */
public enum Verify { NONE, OPTIONAL, REQUIRED }
