/**
 * Wiring: constructs, starts and stops a node in order; decides nothing else.
 */
package org.tinc4j.impl.engine;
