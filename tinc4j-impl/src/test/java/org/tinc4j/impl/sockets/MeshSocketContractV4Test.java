package org.tinc4j.impl.sockets;

/** Sockets between two nodes in one JVM, over IPv4. */
class MeshSocketContractV4Test extends MeshSocketContract {

    @Override
    String farAddress() {
        return "10.8.0.2";
    }
}
