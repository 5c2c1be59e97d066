/**
 * Driver: the control thread, its mailbox and timer, and the sockets of the meta connections. Threads: one control thread; two for each
 * connection; one for each listener and each attempt to dial. May import: mesh, datapath, the API.
 */
package org.tinc4j.impl.control;
