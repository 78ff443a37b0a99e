package net.lbd.core.sample;

/** A row of the fetch table: makes a fetch from its arguments when the configuration is loaded. */
@FunctionalInterface
interface FetchCompiler {

    Fetch compile(ArgumentList arguments, RuntimeNames names);

    /** A row for a fetch without arguments. */
    static FetchCompiler of(Fetch fetch) {
        return (arguments, names) -> fetch;
    }
}
