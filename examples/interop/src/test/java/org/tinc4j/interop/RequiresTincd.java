package org.tinc4j.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of a class need tincd 1.1, and by default root, network namespaces and a TUN too. Where one is missing they are skipped and
 * say what is missing; with {@code -Dtinc4j.requirePrivileged=true} they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TincdCondition.class)
@interface RequiresTincd {

    /** What is needed besides the daemon. */
    Privilege value() default Privilege.NETWORK_NAMESPACES;

    /** What a test may do on the machine. */
    enum Privilege {
        /** What every user may. */
        NONE,
        /** What only root may: network namespaces and TUN interfaces. */
        NETWORK_NAMESPACES
    }
}
