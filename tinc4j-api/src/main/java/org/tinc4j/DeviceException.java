package org.tinc4j;

/** The packet device could not be opened or failed: no permission for a TUN, no such driver, a name in use. */
public final class DeviceException extends TincException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message value, place and remedy
     */
    public DeviceException(String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message value, place and remedy
     * @param cause what was thrown underneath
     */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
