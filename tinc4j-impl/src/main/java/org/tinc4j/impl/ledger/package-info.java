/**
 * Driver: an account of what a node holds, so that a test can tell what was not given back, and where it was taken. Threads: any.
 */
package org.tinc4j.impl.ledger;
