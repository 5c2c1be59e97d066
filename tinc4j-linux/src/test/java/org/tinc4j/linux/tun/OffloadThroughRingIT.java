package org.tinc4j.linux.tun;

import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;

/** The same through io_uring. */
class OffloadThroughRingIT extends OffloadLinuxIT {

    @Override
    DataPathOptions dataPath() {
        return DataPathOptions.DEFAULT.with(Offload.IO_URING);
    }
}
