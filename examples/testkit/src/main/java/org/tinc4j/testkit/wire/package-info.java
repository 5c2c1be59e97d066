/**
 * Driver: a wire that is a process, {@link org.tinc4j.testkit.wire.WireProcess}. Loses, doubles and delays what goes from one TUN to
 * another, by {@link org.tinc4j.testkit.wire.Conditions}. Knows of tinc4j only its devices.
 */
package org.tinc4j.testkit.wire;
