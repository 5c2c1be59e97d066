package org.tinc4j.impl.sockets;

import org.junit.jupiter.api.Timeout;

/** What a program may expect of TCP sockets, of the JDK's on loopback and of ours over a mesh alike. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SocketContract implements DataContract, ClosingContract, BlockingContract, ConnectingContract {}
