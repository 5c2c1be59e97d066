/**
 * Driver: what a node has taken and not given back. Threads: any. May import: nothing of the engine.
 */
package org.tinc4j.impl.ledger;
