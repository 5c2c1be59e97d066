/** The Linux adapters. The only module that needs native access. */
module tinc4j.linux {
    requires tinc4j.api;
    requires org.jnrproject.ffi;
}
