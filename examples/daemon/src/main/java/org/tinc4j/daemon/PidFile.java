package org.tinc4j.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file with the process id, a decimal number and a line feed.
 *
 * <p>It is locked while the process lives. So one left by a process that was killed is simply taken over, whoever has that number by
 * now.
 */
final class PidFile implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;

    private PidFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Writes the file.
     *
     * @throws IOException if it cannot be written, or another process holds it
     */
    static PidFile write(Path path, long pid) throws IOException {
        FileChannel channel = open(path);
        try {
            if (!lock(channel)) {
                throw new IOException("pid file " + path + " is held by another running daemon; stop that one, or name another file");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new PidFile(path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel open(Path path) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("pid file " + path + " cannot be written (" + e.getClass().getSimpleName()
                    + "); name one in a directory that exists and is writable", e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return false;
        }
    }

    /** Removes the file. */
    @Override
    public void close() throws IOException {
        // Removed while it is locked, so that it cannot be somebody else's by then.
        Files.deleteIfExists(path);
        channel.close();
    }
}
