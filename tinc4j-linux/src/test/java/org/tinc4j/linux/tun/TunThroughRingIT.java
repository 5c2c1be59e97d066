package org.tinc4j.linux.tun;

import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;

/** The same, with batches written through io_uring. */
class TunThroughRingIT extends TunLinuxIT {

    @Override
    DataPathOptions dataPath() {
        return DataPathOptions.DEFAULT.with(Offload.IO_URING);
    }
}
