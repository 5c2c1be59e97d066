package org.tinc4j.testing.junit;

/**
 * How a mesh was when a test failed. It is attached to the failure as a suppressed throwable because every runner prints those; it has no
 * stack trace, and nothing is wrong with it.
 */
final class MeshReport extends Exception {

    private static final long serialVersionUID = 1;

    MeshReport(String text) {
        super(text, null, false, false);
    }

    /** Without the name of this class, which says nothing. */
    @Override
    public String toString() {
        return getMessage();
    }
}
