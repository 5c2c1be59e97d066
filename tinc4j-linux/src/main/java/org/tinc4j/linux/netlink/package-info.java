/**
 * Pure: rtnetlink requests as bytes, and replies read from bytes; may import java, org.tinc4j and the constants of linux.sys, on any
 * thread.
 */
package org.tinc4j.linux.netlink;
