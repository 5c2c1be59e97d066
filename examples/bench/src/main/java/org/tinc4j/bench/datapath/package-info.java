/**
 * Driver: the data path benchmark. {@link org.tinc4j.bench.datapath.DataPathBenchmark} makes a
 * {@link org.tinc4j.bench.datapath.Wire} of two network namespaces and lets every {@link org.tinc4j.bench.datapath.Variant} put a
 * {@link org.tinc4j.bench.datapath.Tunnel} over it by turns; {@link org.tinc4j.bench.datapath.Measurement} takes the
 * {@link org.tinc4j.bench.datapath.Figure}s. {@link org.tinc4j.bench.datapath.Goodput} puts tunnels over
 * {@link org.tinc4j.bench.datapath.BadWire}s instead. Starts processes, needs root on Linux; may use everything.
 */
package org.tinc4j.bench.datapath;
