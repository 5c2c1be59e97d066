package org.tinc4j.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Who dials whom. */
enum Topology {
    /** Everybody dials the first node. */
    STAR {
        @Override
        List<Set<Integer>> dials(int nodes, Random random) {
            List<Set<Integer>> dials = nobody(nodes);
            for (int i = 1; i < nodes; i++) {
                dials.get(i).add(0);
            }
            return dials;
        }
    },
    /** Everybody dials the next node, which makes a ring, and two others by chance; some pairs dial each other. */
    THREE_EACH {
        @Override
        List<Set<Integer>> dials(int nodes, Random random) {
            List<Set<Integer>> dials = nobody(nodes);
            for (int i = 0; i < nodes; i++) {
                List<Integer> others = new ArrayList<>();
                for (int other = 0; other < nodes; other++) {
                    if (other != i) {
                        others.add(other);
                    }
                }
                dials.get(i).add((i + 1) % nodes);
                Collections.shuffle(others, random);
                for (int other : others) {
                    if (dials.get(i).size() < 3) {
                        dials.get(i).add(other);
                    }
                }
            }
            return dials;
        }
    };

    /**
     * Whom each node dials.
     *
     * @param nodes at least 2
     * @param random where there is a choice
     * @return for each node the numbers of others; following them either way leads from any node to any other
     */
    abstract List<Set<Integer>> dials(int nodes, Random random);

    private static List<Set<Integer>> nobody(int nodes) {
        List<Set<Integer>> dials = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            dials.add(new TreeSet<>());
        }
        return dials;
    }
}
