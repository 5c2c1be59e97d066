package org.tinc4j.impl.fabric;

import org.tinc4j.testing.LinkConditions;

/**
 * One direction of a link that is not like the others, for a diagram.
 *
 * @param conditions in force, its own or those of all links
 * @param special whether they are its own
 * @param cut whether nothing passes
 */
public record LinkState(Host from, Host to, LinkConditions conditions, boolean special, boolean cut) {}
