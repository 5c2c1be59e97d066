/**
 * Benchmarks. Two kinds: micro benchmarks of the JMH, named {@code …Benchmark} and picked up by their annotations, and
 * {@link org.tinc4j.bench.MeshBenchmark}, which forms whole meshes in this process. The module's {@code pom.xml} has the commands,
 * {@code RESULTS.md} beside it the figures.
 */
package org.tinc4j.bench;
