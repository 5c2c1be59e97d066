/**
 * Driver: the control thread, its mailbox and timer, and the streams of the meta connections. Threads: one control thread; two for each
 * connection; one for each listener and each attempt to dial. May import: mesh, datapath,
 * route, net, ledger, the API.
 */
package org.tinc4j.impl.control;
