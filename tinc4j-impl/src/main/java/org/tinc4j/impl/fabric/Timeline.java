package org.tinc4j.impl.fabric;

/** When something is to happen. The driver's part; time only ever grows. */
public interface Timeline {

    /** The time now, or of the event that runs. From an arbitrary zero, so compared by difference. */
    long nowNanos();

    /**
     * Runs an event later, never inside this call. Events of equal time run in the order of the calls.
     *
     * @param atNanos at or after {@link #nowNanos()}, as it was when the call began; as soon as possible if that has passed meanwhile
     */
    void at(long atNanos, Runnable event);
}
