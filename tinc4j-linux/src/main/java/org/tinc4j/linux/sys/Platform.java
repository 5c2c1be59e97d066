package org.tinc4j.linux.sys;

import java.util.Set;

/** Says whether the constants and struct layouts of this package hold here. Touches nothing native. */
public final class Platform {

    /** 64-bit machines with the numbers of {@code asm-generic}: ioctl, errno, open flags. PowerPC, MIPS and SPARC have their own. */
    private static final Set<String> ARCHITECTURES =
            Set.of("amd64", "x86_64", "aarch64", "riscv64", "loongarch64", "s390x");

    private Platform() {}

    /**
     * Whether this module was written for a system.
     *
     * @param osName value of the system property {@code os.name}
     * @param osArch value of the system property {@code os.arch}
     * @return false off Linux, and on processors whose numbers differ
     */
    public static boolean supported(String osName, String osArch) {
        return osName.equals("Linux") && ARCHITECTURES.contains(osArch);
    }

    /**
     * Whether the C compiler packs {@code struct epoll_event}.
     *
     * @param osArch value of the system property {@code os.arch}
     * @return true on x86-64 only
     */
    static boolean packsEpollEvent(String osArch) {
        return osArch.equals("amd64") || osArch.equals("x86_64");
    }
}
