package org.tinc4j.linux.sys;

/**
 * io_uring: calls, operations and structures. Native byte order; numbers are the same on all architectures.
 *
 * <pre>
 * struct io_uring_params      0 u32 sq_entries  4 u32 cq_entries  8 u32 flags  12 u32 sq_thread_cpu  16 u32 sq_thread_idle  20 u32 features
 *                             24 u32 wq_fd  28 u32 resv[3]  40 struct sqring_offsets  80 struct cqring_offsets               120
 * struct sqring_offsets       0 u32 head  4 tail  8 ring_mask  12 ring_entries  16 flags  20 dropped  24 array  32 u64 user_addr
 * struct cqring_offsets       0 u32 head  4 tail  8 ring_mask  12 ring_entries  16 overflow  20 cqes  24 flags  32 u64 user_addr
 * struct io_uring_sqe         0 u8 opcode  1 u8 flags  2 u16 ioprio  4 s32 fd  8 u64 off  16 u64 addr  24 u32 len  28 u32 op_flags
 *                             32 u64 user_data  40 u16 buf_group  42 u16 personality  44 u32 file_index  48 u64 addr3          64
 * struct io_uring_cqe         0 u64 user_data  8 s32 res  12 u32 flags                                                         16
 * struct io_uring_buf         0 u64 addr  8 u32 len  12 u16 bid  14 u16 resv, in the first of a ring its tail                  16
 * struct io_uring_buf_reg     0 u64 ring_addr  8 u32 ring_entries  12 u16 bgid  14 u16 flags  16 u64 resv[3]                   40
 * struct io_uring_recvmsg_out 0 u32 namelen  4 u32 controllen  8 u32 payloadlen  12 u32 flags                                  16
 * </pre>
 *
 * <p><b>Source.</b> io_uring_setup(2), io_uring_enter(2), io_uring_register(2) of liburing; {@code linux/io_uring.h}, which may be used under
 * the MIT licence.
 */
public final class IoUring {

    /** Number of io_uring_setup(2). */
    public static final int NR_SETUP = 425;

    /** Number of io_uring_enter(2). */
    public static final int NR_ENTER = 426;

    /** Number of io_uring_register(2). */
    public static final int NR_REGISTER = 427;

    /** An operation that is wrong does not keep those behind it from being submitted. */
    public static final int SETUP_SUBMIT_ALL = 1 << 7;

    /** The rings lie in memory of the application. Since Linux 6.5. */
    public static final int SETUP_NO_MMAP = 1 << 14;

    /** Registers descriptors. */
    public static final int REGISTER_FILES = 2;

    /** Gives registered descriptors back. */
    public static final int UNREGISTER_FILES = 3;

    /** Registers a ring of buffers that operations take from. */
    public static final int REGISTER_PBUF_RING = 22;

    /** sendmsg(2). */
    public static final int OP_SENDMSG = 9;

    /** recvmsg(2). */
    public static final int OP_RECVMSG = 10;

    /** Cancels an operation, by its user data in addr. */
    public static final int OP_ASYNC_CANCEL = 14;

    /** write(2). */
    public static final int OP_WRITE = 23;

    /** The descriptor is the index of a registered one. */
    public static final int SQE_FIXED_FILE = 1;

    /** The next operation starts when this one has succeeded, and is cancelled if it fails. */
    public static final int SQE_IO_LINK = 1 << 2;

    /** Memory comes from a ring of buffers. */
    public static final int SQE_BUFFER_SELECT = 1 << 5;

    /** In ioprio of {@link #OP_RECVMSG}: again and again until cancelled or failed. */
    public static final int RECV_MULTISHOT = 1 << 1;

    /** In op_flags of {@link #OP_WRITE}: fails with EAGAIN instead of waiting. */
    public static final int RWF_NOWAIT = 8;

    /** In op_flags of {@link #OP_SENDMSG}: fails with EAGAIN instead of waiting. */
    public static final int MSG_DONTWAIT = 0x40;

    /** A buffer was taken; its number is in the upper 16 bits of the flags. */
    public static final int CQE_F_BUFFER = 1;

    /** The operation goes on. */
    public static final int CQE_F_MORE = 1 << 1;

    /** How far to shift the flags for the number of a buffer. */
    public static final int CQE_BUFFER_SHIFT = 16;

    /** Offset of {@code flags}. */
    public static final int PARAMS_FLAGS = 8;

    /** Offset of {@code sq_off}. */
    public static final int PARAMS_SQ_OFF = 40;

    /** Offset of {@code cq_off}. */
    public static final int PARAMS_CQ_OFF = 80;

    /** Size of {@code struct io_uring_params}. */
    public static final int PARAMS_SIZE = 120;

    /** Offset of {@code head} in both kinds of offsets. */
    public static final int OFF_HEAD = 0;

    /** Offset of {@code tail} in both. */
    public static final int OFF_TAIL = 4;

    /** Offset of {@code ring_mask} in both. */
    public static final int OFF_MASK = 8;

    /** Offset of {@code cqes} in {@code cq_off}. */
    public static final int OFF_CQES = 20;

    /** Offset of {@code array} in {@code sq_off}. */
    public static final int OFF_ARRAY = 24;

    /** Offset of {@code user_addr} in both. */
    public static final int OFF_USER_ADDR = 32;

    /** Offset of {@code opcode}, a byte. */
    public static final int SQE_OPCODE = 0;

    /** Offset of {@code flags}, a byte. */
    public static final int SQE_FLAGS = 1;

    /** Offset of {@code ioprio}, a short. */
    public static final int SQE_IOPRIO = 2;

    /** Offset of {@code fd}. */
    public static final int SQE_FD = 4;

    /** Offset of {@code off}. */
    public static final int SQE_OFF = 8;

    /** Offset of {@code addr}. */
    public static final int SQE_ADDR = 16;

    /** Offset of {@code len}. */
    public static final int SQE_LEN = 24;

    /** Offset of the flags of the operation. */
    public static final int SQE_OP_FLAGS = 28;

    /** Offset of {@code user_data}. */
    public static final int SQE_USER_DATA = 32;

    /** Offset of {@code buf_group}, a short. */
    public static final int SQE_BUF_GROUP = 40;

    /** Size of {@code struct io_uring_sqe}. */
    public static final int SQE_SIZE = 64;

    /** Offset of {@code user_data}. */
    public static final int CQE_USER_DATA = 0;

    /** Offset of {@code res}. */
    public static final int CQE_RES = 8;

    /** Offset of {@code flags}. */
    public static final int CQE_FLAGS = 12;

    /** Size of {@code struct io_uring_cqe}. */
    public static final int CQE_SIZE = 16;

    /** Offset of {@code addr}. */
    public static final int BUF_ADDR = 0;

    /** Offset of {@code len}. */
    public static final int BUF_LEN = 8;

    /** Offset of {@code bid}, a short. */
    public static final int BUF_ID = 12;

    /** Offset of the ring's tail in its first entry, a short. */
    public static final int BUF_RING_TAIL = 14;

    /** Size of {@code struct io_uring_buf}. */
    public static final int BUF_SIZE = 16;

    /** Offset of {@code ring_addr}. */
    public static final int BUF_REG_ADDR = 0;

    /** Offset of {@code ring_entries}. */
    public static final int BUF_REG_ENTRIES = 8;

    /** Offset of {@code bgid}, a short. */
    public static final int BUF_REG_GROUP = 12;

    /** Size of {@code struct io_uring_buf_reg}. */
    public static final int BUF_REG_SIZE = 40;

    /** Offset of {@code controllen}. */
    public static final int RECVMSG_OUT_CONTROLLEN = 4;

    /** Offset of {@code payloadlen}. */
    public static final int RECVMSG_OUT_PAYLOADLEN = 8;

    /** Offset of {@code flags}. */
    public static final int RECVMSG_OUT_FLAGS = 12;

    /** Size of {@code struct io_uring_recvmsg_out}. */
    public static final int RECVMSG_OUT_SIZE = 16;

    private IoUring() {}
}
