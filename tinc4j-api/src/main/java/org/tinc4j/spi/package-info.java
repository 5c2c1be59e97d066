/**
 * Ports: what a platform supplies to the engine. Everything speaks in batches, and a buffer can stand for a run of packets, so that
 * segmentation offload needs no other interface.
 */
package org.tinc4j.spi;
