package org.tinc4j.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of a class need root, network namespaces, a TUN and tincd 1.1. Where one is missing they are skipped and say what is missing;
 * with {@code -Dtinc4j.requirePrivileged=true} they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TincdCondition.class)
@interface RequiresTincd {}
