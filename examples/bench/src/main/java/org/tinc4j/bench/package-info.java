/**
 * Benchmarks. Three kinds: micro benchmarks of the JMH, named {@code …Benchmark} and picked up by their annotations;
 * {@link org.tinc4j.bench.MeshBenchmark}, which forms whole meshes in this process; and {@code bench.datapath}, which compares tunnels. The module's {@code pom.xml} has the commands,
 * {@code RESULTS.md} beside it the figures.
 */
package org.tinc4j.bench;
