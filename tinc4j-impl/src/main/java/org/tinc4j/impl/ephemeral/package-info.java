/**
 * Wiring: meshes of many nodes in one JVM, on the virtual network of {@code fabric}, in real or in virtual time. Threads: in virtual time the
 * caller's alone, guarded by one lock; in real time the nodes' own and one timer. May import: everything of the engine.
 */
package org.tinc4j.impl.ephemeral;
