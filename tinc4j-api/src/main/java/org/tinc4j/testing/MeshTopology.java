package org.tinc4j.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Who dials whom in an ephemeral mesh. Nodes that do not are met through the mesh. */
@FunctionalInterface
public interface MeshTopology {

    /** How many nodes each dials in a random topology made by its name alone. */
    int RANDOM_CONNECTIONS = 3;

    /**
     * One meta connection.
     *
     * @param from who dials
     * @param to whom
     */
    record Dial(String from, String to) {}

    /**
     * Who dials whom.
     *
     * @param nodes all names, in the order they were given
     * @param seed the mesh's
     * @return connections between them
     */
    List<Dial> connections(List<String> nodes, long seed);

    /**
     * A topology by one word.
     *
     * @param word {@code full}, {@code star} (around the node named {@code hub}, else the first), {@code chain}, {@code ring} or
     *     {@code random} ({@value #RANDOM_CONNECTIONS} connections each, by the mesh's seed)
     * @return the topology
     * @throws IllegalArgumentException for another word
     */
    static MeshTopology named(String word) {
        return switch (word) {
            case "full" -> full();
            case "star" -> (nodes, seed) -> star(nodes.contains("hub") ? "hub" : nodes.getFirst()).connections(nodes, seed);
            case "chain" -> chain();
            case "ring" -> ring();
            case "random" -> random(RANDOM_CONNECTIONS);
            default -> throw new IllegalArgumentException(
                    "topology \"" + word + "\" is none of full, star, chain, ring, random; for others use EphemeralMesh.builder()");
        };
    }

    /**
     * Everybody is connected to everybody.
     *
     * @return the topology
     */
    static MeshTopology full() {
        return (nodes, seed) -> {
            List<Dial> dials = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                for (int j = 0; j < i; j++) {
                    dials.add(new Dial(nodes.get(i), nodes.get(j)));
                }
            }
            return dials;
        };
    }

    /**
     * All others dial one.
     *
     * @param hub which
     * @return the topology
     */
    static MeshTopology star(String hub) {
        return (nodes, seed) -> nodes.stream().filter(node -> !node.equals(hub)).map(node -> new Dial(node, hub)).toList();
    }

    /**
     * Each dials the one before.
     *
     * @return the topology
     */
    static MeshTopology chain() {
        return (nodes, seed) -> {
            List<Dial> dials = new ArrayList<>();
            for (int i = 1; i < nodes.size(); i++) {
                dials.add(new Dial(nodes.get(i), nodes.get(i - 1)));
            }
            return dials;
        };
    }

    /**
     * A chain whose first dials the last.
     *
     * @return the topology
     */
    static MeshTopology ring() {
        return (nodes, seed) -> {
            List<Dial> dials = new ArrayList<>(chain().connections(nodes, seed));
            if (nodes.size() > 2) {
                dials.add(new Dial(nodes.getFirst(), nodes.getLast()));
            }
            return dials;
        };
    }

    /**
     * Each dials some others, picked by the mesh's seed. Everybody is connected: each dials one that was there before it.
     *
     * @param each how many; fewer where there are not so many before
     * @return the topology
     */
    static MeshTopology random(int each) {
        if (each < 1) {
            throw new IllegalArgumentException("a random topology with " + each + " connections each is not connected; at least 1");
        }
        return (nodes, seed) -> {
            RandomGenerator random = new SplittableRandom(seed);
            List<Dial> dials = new ArrayList<>();
            for (int i = 1; i < nodes.size(); i++) {
                List<String> before = new ArrayList<>(nodes.subList(0, i));
                for (int k = 0; k < each && !before.isEmpty(); k++) {
                    dials.add(new Dial(nodes.get(i), before.remove(random.nextInt(before.size()))));
                }
            }
            return dials;
        };
    }

    /**
     * Exactly these.
     *
     * @param dials connections
     * @return the topology
     */
    static MeshTopology of(Dial... dials) {
        List<Dial> all = List.copyOf(Arrays.asList(dials));
        return (nodes, seed) -> all;
    }
}
