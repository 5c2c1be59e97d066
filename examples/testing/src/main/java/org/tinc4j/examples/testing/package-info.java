/**
 * Example: a small service on a mesh. {@link org.tinc4j.examples.testing.Orders} asks {@link org.tinc4j.examples.testing.Inventory} on another node. The
 * point is its test, {@code OrdersTest}.
 */
package org.tinc4j.examples.testing;
