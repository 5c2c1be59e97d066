package org.tinc4j.linux.tun;

import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;

/** The same as before Linux 6.2: TCP super-packets, single datagrams. */
class TunWithoutUsoIT extends TunLinuxIT {

    @Override
    DataPathOptions dataPath() {
        return DataPathOptions.DEFAULT.without(Offload.USO);
    }
}
