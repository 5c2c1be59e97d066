package org.tinc4j;

import java.io.IOException;

/**
 * What went wrong outside the caller's code, in kinds a caller can act on. The message names value, place and remedy.
 */
public abstract sealed class TincException extends IOException
        permits AuthenticationException, DeviceException, NodeClosedException, TransportException, UnreachableException {

    private static final long serialVersionUID = 1L;

    TincException(String message) {
        super(message);
    }

    TincException(String message, Throwable cause) {
        super(message, cause);
    }
}
