package org.tinc4j.daemon;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Signals of the operating system.
 *
 * <p>The JVM has them in {@code sun.misc.Signal} only. It is exported and supported (module {@code jdk.unsupported}, JEP 260), but a
 * compiler warns of its name at each use, and cannot be told not to beside {@code --release}. So it is called by name.
 */
final class Signals {

    private Signals() {}

    /**
     * Runs something whenever a signal arrives, on a thread of its own, instead of what the JVM does then.
     *
     * @param name without SIG, for example {@code HUP}
     * @param action short and without waiting
     */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodHandle run = lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class)).bindTo(action);
            Object proxy = MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not hand on SIG" + name + "; it needs the module jdk.unsupported", e);
        }
    }
}
