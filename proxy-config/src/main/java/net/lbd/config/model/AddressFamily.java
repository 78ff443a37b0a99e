package net.lbd.config.model;

/** A version of IP. */
public enum AddressFamily { IPV4, IPV6 }
