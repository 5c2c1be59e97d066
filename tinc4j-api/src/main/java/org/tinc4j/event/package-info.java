/** What happens in a mesh, as values. */
package org.tinc4j.event;
