/**
 * Driver: what the kernel grants, and what it has refused; may import java, slf4j, org.tinc4j and linux.sys, on any thread.
 */
package org.tinc4j.linux.grant;
