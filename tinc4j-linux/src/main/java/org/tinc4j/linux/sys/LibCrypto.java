package org.tinc4j.linux.sys;

import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.u_int64_t;

/**
 * The functions of OpenSSL's libcrypto that this module calls, with their C names. Pointers are plain addresses; 0 is NULL. Public because
 * the class that jnr-ffi makes for it lives elsewhere; use the one of {@link CryptoCalls}. None sets errno, so none saves it, which makes a
 * call cheaper.
 *
 * <p><b>Source.</b> The section 3 manual page of each name, OpenSSL 3.0.
 */
public interface LibCrypto {

    /**
     * OPENSSL_init_crypto(3).
     *
     * @param options {@code OPENSSL_INIT_} flags
     * @param settings address of settings, or 0
     * @return 1, or 0
     */
    @IgnoreError
    int OPENSSL_init_crypto(@u_int64_t long options, @intptr_t long settings);

    /**
     * OpenSSL_version(3).
     *
     * @param what which text
     * @return the text
     */
    @IgnoreError
    String OpenSSL_version(int what);

    /**
     * EVP_CIPHER_fetch(3).
     *
     * @param context address of a library context, 0 for the default one
     * @param algorithm its name
     * @param properties which implementation, or null
     * @return the cipher, or 0
     */
    @IgnoreError
    @intptr_t
    long EVP_CIPHER_fetch(@intptr_t long context, String algorithm, String properties);

    /**
     * EVP_CIPHER_CTX_new(3).
     *
     * @return a context, or 0
     */
    @IgnoreError
    @intptr_t
    long EVP_CIPHER_CTX_new();

    /**
     * EVP_CIPHER_CTX_free(3). Wipes what it frees.
     *
     * @param context to free
     */
    @IgnoreError
    void EVP_CIPHER_CTX_free(@intptr_t long context);

    /**
     * EVP_CIPHER_CTX_set_params(3).
     *
     * @param context of a cipher
     * @param params address of {@code OSSL_PARAM[]}
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_CIPHER_CTX_set_params(@intptr_t long context, @intptr_t long params);

    /**
     * EVP_CIPHER_CTX_get_params(3).
     *
     * @param context of a cipher
     * @param params address of {@code OSSL_PARAM[]}
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_CIPHER_CTX_get_params(@intptr_t long context, @intptr_t long params);

    /**
     * EVP_EncryptInit_ex2(3).
     *
     * @param context to set up
     * @param cipher which, 0 to leave it
     * @param key address of the key, 0 to leave it
     * @param iv address of the initial vector, 0 to leave it
     * @param params address of {@code OSSL_PARAM[]}, or 0
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_EncryptInit_ex2(
            @intptr_t long context, @intptr_t long cipher, @intptr_t long key, @intptr_t long iv, @intptr_t long params);

    /**
     * EVP_EncryptUpdate(3).
     *
     * @param context of a cipher
     * @param out where to
     * @param outLength address of an int, the bytes written
     * @param in where from, may be {@code out}
     * @param inLength bytes
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_EncryptUpdate(
            @intptr_t long context, @intptr_t long out, @intptr_t long outLength, @intptr_t long in, int inLength);

    /**
     * EVP_EncryptFinal_ex(3).
     *
     * @param context of a cipher
     * @param out where to
     * @param outLength address of an int, the bytes written
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_EncryptFinal_ex(@intptr_t long context, @intptr_t long out, @intptr_t long outLength);

    /**
     * EVP_DecryptInit_ex2(3).
     *
     * @param context to set up
     * @param cipher which, 0 to leave it
     * @param key address of the key, 0 to leave it
     * @param iv address of the initial vector, 0 to leave it
     * @param params address of {@code OSSL_PARAM[]}, or 0
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_DecryptInit_ex2(
            @intptr_t long context, @intptr_t long cipher, @intptr_t long key, @intptr_t long iv, @intptr_t long params);

    /**
     * EVP_DecryptUpdate(3).
     *
     * @param context of a cipher
     * @param out where to
     * @param outLength address of an int, the bytes written
     * @param in where from, may be {@code out}
     * @param inLength bytes
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_DecryptUpdate(
            @intptr_t long context, @intptr_t long out, @intptr_t long outLength, @intptr_t long in, int inLength);

    /**
     * EVP_DecryptFinal_ex(3).
     *
     * @param context of a cipher
     * @param out where to
     * @param outLength address of an int, the bytes written
     * @return 1, or not where the tag is wrong
     */
    @IgnoreError
    int EVP_DecryptFinal_ex(@intptr_t long context, @intptr_t long out, @intptr_t long outLength);

    /**
     * EVP_MAC_fetch(3).
     *
     * @param context address of a library context, 0 for the default one
     * @param algorithm its name
     * @param properties which implementation, or null
     * @return the algorithm, or 0
     */
    @IgnoreError
    @intptr_t
    long EVP_MAC_fetch(@intptr_t long context, String algorithm, String properties);

    /**
     * EVP_MAC_CTX_new(3).
     *
     * @param mac which
     * @return a context, or 0
     */
    @IgnoreError
    @intptr_t
    long EVP_MAC_CTX_new(@intptr_t long mac);

    /**
     * EVP_MAC_CTX_free(3). Wipes what it frees.
     *
     * @param context to free
     */
    @IgnoreError
    void EVP_MAC_CTX_free(@intptr_t long context);

    /**
     * EVP_MAC_init(3).
     *
     * @param context of a MAC
     * @param key address of the key
     * @param keyLength bytes
     * @param params address of {@code OSSL_PARAM[]}, or 0
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_MAC_init(@intptr_t long context, @intptr_t long key, @size_t long keyLength, @intptr_t long params);

    /**
     * EVP_MAC_update(3).
     *
     * @param context of a MAC
     * @param data where from
     * @param length bytes
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_MAC_update(@intptr_t long context, @intptr_t long data, @size_t long length);

    /**
     * EVP_MAC_final(3).
     *
     * @param context of a MAC
     * @param out where to
     * @param outLength address of a size_t, the bytes written
     * @param outSize room at {@code out}
     * @return 1, or 0
     */
    @IgnoreError
    int EVP_MAC_final(@intptr_t long context, @intptr_t long out, @intptr_t long outLength, @size_t long outSize);
}
