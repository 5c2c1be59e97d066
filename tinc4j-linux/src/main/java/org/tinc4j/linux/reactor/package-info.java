/**
 * Driver: readiness of descriptors for virtual threads; may import java, org.tinc4j and linux.sys, and owns one platform thread while a
 * descriptor is open.
 */
package org.tinc4j.linux.reactor;
