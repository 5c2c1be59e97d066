/**
 * Machine: one meta connection, request by request. Threads: the control thread. May import: wire, sptps, crypto, graph, the API.
 *
 * <p>Source: tinc meta protocol 17.7.
 */
package org.tinc4j.impl.meta;
