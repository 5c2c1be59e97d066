package org.tinc4j;

/** Work that the operating system can take over from the data path, burst by burst. Which of it is in use: {@link NodeStatus#capabilities()}. */
public enum Offload {
    /** The kernel interface hands over and takes TCP super-packets of up to 64 KiB instead of segments. Linux TUN, {@code TUN_F_TSO4} and 6. */
    TSO,
    /** The same for runs of UDP datagrams. Linux TUN from 6.2 on, {@code TUN_F_USO4} and 6. Needs {@link #TSO}. */
    USO,
    /** A run of equal outer datagrams leaves in one system call. Linux from 4.18 on, {@code UDP_SEGMENT}. */
    UDP_SEGMENT,
    /** A run of equal outer datagrams arrives in one system call. Linux from 5.0 on, {@code UDP_GRO}. */
    UDP_GRO,
    /** Outer datagrams that form no run are sent and received many in one system call. Linux, {@code sendmmsg} and {@code recvmmsg}. */
    UDP_BATCH,
    /** Ciphers of the system's libcrypto instead of those in Java. */
    NATIVE_CRYPTO,
    /**
     * Another way to the kernel, not more of it: UDP is received through io_uring, and batches are written to the kernel interface and, with
     * {@link #UDP_BATCH}, to UDP through it. Linux from 6.5 on. The only one that is off unless asked for
     * ({@link org.tinc4j.config.DataPathOptions#with}), since it measures no faster than the system calls it replaces. It takes 2.1 MB of memory
     * for each UDP socket.
     */
    IO_URING
}
