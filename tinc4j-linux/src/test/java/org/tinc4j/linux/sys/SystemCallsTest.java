package org.tinc4j.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.linux.sys.SystemCalls.O_CLOEXEC;
import static org.tinc4j.linux.sys.SystemCalls.O_NONBLOCK;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SystemCallsTest {

    @Test
    void aFailureIsTheNegatedErrno() {
        ByteBuffer path = NativeMemory.allocate(32).put(0, "/no/such/file".getBytes(StandardCharsets.US_ASCII));
        assertThat(SystemCalls.open(NativeMemory.address(path), SystemCalls.O_RDWR)).isEqualTo(-Errno.ENOENT);
        assertThat(SystemCalls.close(-1)).isEqualTo(-Errno.EBADF);
        assertThat(SystemCalls.read(-1, 0, 0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void descriptorsAreNonBlockingAndClosedOnExec() {
        int fd = SystemCalls.eventfd(SystemCalls.EFD_CLOEXEC | SystemCalls.EFD_NONBLOCK);
        ByteBuffer memory = NativeMemory.allocate(8);
        assertThat(SystemCalls.fcntl(fd, SystemCalls.F_GETFD, 0)).isEqualTo(1);
        assertThat(SystemCalls.fcntl(fd, SystemCalls.F_GETFL, 0) & O_NONBLOCK).isEqualTo(O_NONBLOCK);
        assertThat(SystemCalls.read(fd, NativeMemory.address(memory), 8)).isEqualTo(-Errno.EAGAIN);
        assertThat(SystemCalls.close(fd)).isZero();
        assertThat(SystemCalls.EFD_CLOEXEC).isEqualTo(O_CLOEXEC);
    }

    @Test
    void theAddressOfASliceCountsFromItsOwnStart() {
        ByteBuffer whole = NativeMemory.allocate(64);
        whole.position(7);
        assertThat(NativeMemory.address(whole.slice(16, 8))).isEqualTo(NativeMemory.address(whole) + 16);
    }

    @Test
    void errnoIsShownByNameAndNumber() {
        assertThat(Errno.describe(Errno.EACCES)).isEqualTo("EACCES (13)");
        assertThat(Errno.describe(4095)).isEqualTo("errno (4095)");
    }
}
