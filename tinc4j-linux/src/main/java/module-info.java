import org.tinc4j.linux.crypto.LibcryptoProvider;
import org.tinc4j.linux.tun.TunProvider;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.DeviceProvider;

/**
 * The Linux adapters. Grant native access with {@code --enable-native-access=org.jnrproject.jffi} on the module path, or with
 * {@code =ALL-UNNAMED} on the class path: it is jffi that loads native code, no module of tinc4j does.
 */
module tinc4j.linux {
    requires tinc4j.api;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;
    // Not used here. jnr-ffi is an automatic module, so nobody else would bring ASM, which it needs, into the module graph.
    requires org.objectweb.asm;

    // The classes that jnr-ffi makes at run time implement the interfaces there, and live in an unnamed module.
    opens org.tinc4j.linux.sys;

    provides AeadProvider with LibcryptoProvider;
    provides DeviceProvider with TunProvider;
}
