package org.tinc4j.impl.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.tinc4j.NodeName;

/** Meshes by seed. Weights come from a small range, so that ties and equal sums are common. */
record RandomMesh(long seed, List<NodeName> nodes, EdgeTable edges) {

    enum Shape {
        /** A tree and some more connections; each edge has its reverse, no options. */
        CONNECTED,
        /** Any edges, some without reverse, some that forbid direct contact, some from a node to itself. */
        ANY
    }

    static RandomMesh of(long seed, Shape shape, int mostNodes) {
        SplittableRandom random = new SplittableRandom(seed);
        List<NodeName> nodes = new ArrayList<>();
        for (int i = 0, count = random.nextInt(1, mostNodes + 1); i < count; i++) {
            nodes.add(new NodeName("n" + random.nextInt(0, 100) + "_" + i));
        }
        int weights = random.nextBoolean() ? 3 : 1000;
        EdgeTable edges = new EdgeTable();
        if (shape == Shape.CONNECTED) {
            for (int i = 1; i < nodes.size(); i++) {
                connect(edges, nodes.get(i), nodes.get(random.nextInt(i)), random, weights);
            }
            for (int i = random.nextInt(2 * nodes.size()); i > 0; i--) {
                NodeName a = nodes.get(random.nextInt(nodes.size()));
                NodeName b = nodes.get(random.nextInt(nodes.size()));
                if (!a.equals(b)) {
                    connect(edges, a, b, random, weights);
                }
            }
        } else {
            double density = random.nextDouble();
            double oneWay = random.nextDouble() / 2;
            double indirect = random.nextDouble();
            for (NodeName a : nodes) {
                for (NodeName b : nodes) {
                    if (a.compareTo(b) <= 0 && random.nextDouble() < density) {
                        edges.put(edge(a, b, random.nextInt(weights), options(random, indirect)));
                        if (random.nextDouble() >= oneWay) {
                            edges.put(edge(b, a, random.nextInt(weights), options(random, indirect)));
                        }
                    }
                }
            }
        }
        return new RandomMesh(seed, List.copyOf(nodes), edges);
    }

    private static int options(SplittableRandom random, double indirect) {
        return 7 << 24 | Options.PMTU_DISCOVERY | (random.nextDouble() < indirect ? Options.INDIRECT : 0);
    }

    private static void connect(EdgeTable edges, NodeName a, NodeName b, SplittableRandom random, int weights) {
        edges.put(edge(a, b, random.nextInt(weights), 0));
        edges.put(edge(b, a, random.nextInt(weights), 0));
    }

    static Edge edge(NodeName from, NodeName to, int weight, int options) {
        return new Edge(from, to, "192.0.2.1", "655", options, weight, "", "");
    }

    /** Both directions between two nodes, alike. */
    static void connect(EdgeTable edges, String a, String b, int weight, int options) {
        edges.put(edge(new NodeName(a), new NodeName(b), weight, options));
        edges.put(edge(new NodeName(b), new NodeName(a), weight, options));
    }
}
