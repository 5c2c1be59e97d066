package org.tinc4j.impl.fabric;

/**
 * Takes the events of one end of a stream. After {@link #failed} or {@link #closed} there are no more, nor after this end itself called
 * {@link FabricStream#close()} or {@link FabricStream#abort()}, nor after its host went down.
 */
public interface StreamSink {

    /** The other end accepted. Only on the end that dialled. */
    void connected(FabricStream stream);

    /** There will be no connection. Only on the end that dialled, in place of {@link #connected}. */
    void failed(StreamEnd reason);

    /**
     * Bytes arrived, in order.
     *
     * @param bytes taken; they count against the receive window until {@link FabricStream#consumed}
     */
    void received(byte[] bytes);

    /** {@link FabricStream#unsentBytes()} has been at {@link FabricStream#WRITE_HIGH_BYTES} or more and is half of it or less again. */
    void writable();

    /** The stream is over. What was written and has not arrived is lost. */
    void closed(StreamEnd reason);
}
