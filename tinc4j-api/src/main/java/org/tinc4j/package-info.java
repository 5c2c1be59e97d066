/**
 * A mesh-VPN node inside the calling process.
 */
package org.tinc4j;
