package org.tinc4j.linux.sys;

import jnr.ffi.LibraryLoader;

/**
 * The system's libcrypto.
 *
 * <p><b>Errors.</b> The first use throws a {@link LinkageError} where jnr-ffi cannot load its native part, or there is no OpenSSL 3.
 */
public final class CryptoCalls {

    /** The library. A constant, so that the JIT compiler puts its calls in place. */
    public static final LibCrypto LIBCRYPTO = load();

    /** For {@link LibCrypto#OpenSSL_version}: the number alone. Source: {@code openssl/crypto.h}. */
    public static final int OPENSSL_VERSION_STRING = 6;

    private static final String SONAME = "libcrypto.so.3";

    /** Source: {@code openssl/crypto.h}. */
    private static final long OPENSSL_INIT_NO_ATEXIT = 0x00080000L;

    private CryptoCalls() {}

    private static LibCrypto load() {
        LibCrypto library = LibraryLoader.create(LibCrypto.class).failImmediately().load(SONAME);
        // Otherwise exit() pulls down the library under threads that are inside it: a JVM that exits does not wait for daemons.
        library.OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, 0);
        return library;
    }
}
