/**
 * Machine: what one node knows of its mesh, and all it decides. Threads: the control thread. May import: meta, path, route, graph, wire,
 * sptps, crypto, the API.
 *
 * <p>Bytes, time and random numbers come in as arguments; what is to be done goes out through {@link org.tinc4j.impl.mesh.MeshShell}.
 * So the same code runs in real time and in a test's virtual time.
 */
package org.tinc4j.impl.mesh;
