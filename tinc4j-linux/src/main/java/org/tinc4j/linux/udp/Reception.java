package org.tinc4j.linux.udp;

import org.tinc4j.TransportException;
import org.tinc4j.linux.uring.RingRefused;
import org.tinc4j.spi.PacketBatch;

/** A way to take what has arrived, without waiting. One thread at a time. */
interface Reception {

    /** Content of a batch, about. Chosen: two full runs; more would be out of the cache before it is looked at. */
    int ENOUGH_BYTES = 128 * 1024;

    /**
     * Takes what is there, as much as the batch holds or is enough for now.
     *
     * @param fd that of the socket or ring, in use during the call
     * @param batch borrowed; gets the size of the result
     * @return how many buffers were filled, 0 if nothing is there
     * @throws TransportException if the socket failed
     * @throws RingRefused if the socket is to be received from in another way from now on; nothing was taken
     */
    int receive(int fd, PacketBatch batch) throws TransportException, RingRefused;
}
