/**
 * Driver: network namespaces, child processes and the programs they run, for tests and benchmarks as root. Knows nothing of tinc4j.
 * Whatever it starts or makes is ended or removed with this JVM at the latest.
 */
package org.tinc4j.testkit;
