package org.tinc4j.linux.tun;

import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;

/** The same one packet a system call, and nothing before it. */
class TunWithoutTsoIT extends TunLinuxIT {

    @Override
    DataPathOptions dataPath() {
        return DataPathOptions.DEFAULT.without(Offload.TSO);
    }
}
