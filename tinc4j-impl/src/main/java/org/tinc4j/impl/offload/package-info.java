/**
 * Machine: one data thread each; may import wire and the API's buffers. Super-packets cut into packets, and packets of a flow joined to
 * super-packets: bytes only.
 *
 * <p><b>Source.</b> virtio 1.2 section 5.1.6 (header and its marks); the rules of segmentation and of what may be joined follow what Linux does
 * with TSO, USO and GRO.
 */
package org.tinc4j.impl.offload;
