package org.tinc4j.impl.sockets;

/** Sockets between two nodes in one JVM, over IPv6. */
class MeshSocketContractV6Test extends MeshSocketContract {

    @Override
    String farAddress() {
        return "fd00:8::2";
    }
}
