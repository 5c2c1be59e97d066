/**
 * Driver: io_uring, for those who ask for it ({@link org.tinc4j.Offload#IO_URING}); may import java, slf4j, org.tinc4j and the other packages of
 * this module.
 *
 * <pre>
 * Ring         submissions and completions, in memory of ours      BatchRing     operations that are over when their submission returns
 * BufferRing   memory that the kernel picks for what arrives       RingRefused   why there is no ring, and what helps
 * RingCalls    the three system calls
 * </pre>
 */
package org.tinc4j.linux.uring;
