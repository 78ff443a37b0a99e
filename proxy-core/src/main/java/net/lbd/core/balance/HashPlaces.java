package net.lbd.core.balance;

import net.lbd.core.backend.Server;

/** Where hashes lead: the places of the servers that stand for choice, in an order. Immutable. */
interface HashPlaces {

    /** How places are made; a {@code hash-type}. */
    interface Layout {
        HashPlaces make(Candidates candidates, int group);
    }

    /** Nobody's. */
    HashPlaces NONE = new HashPlaces() {
        private final Server[] nobody = {};

        @Override
        public boolean isOf(Candidates candidates, int group) {
            return false;
        }

        @Override
        public Server[] owners() {
            return nobody;
        }

        @Override
        public int find(int hash) {
            throw new IllegalStateException("nobody has a place");
        }
    };

    /** Whether they still show who stands for choice. */
    boolean isOf(Candidates candidates, int group);

    /** Whose each place is; do not change it. */
    Server[] owners();

    /** The place that a hash belongs to; there must be one. */
    int find(int hash);
}
