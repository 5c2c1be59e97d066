package org.tinc4j.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tinc4j.testkit.Command;

/** Somebody who owns nothing here and may do nothing special. The build's folders may be closed to others, so what is run lies in copies. */
final class OrdinaryUser {

    private static final String ID = "65534";

    private static final Path HOME = home();
    private static final String CLASS_PATH = copiedClassPath();

    private OrdinaryUser() {}

    private static Path home() {
        try {
            Path home = Files.createTempDirectory("tj", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Command.require(List.of("chmod", "755", home.toString())); // Whatever the umask.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Command.run(List.of("rm", "-r", home.toString())), "remove " + home));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String copiedClassPath() {
        String[] entries = JavaProgram.classPath().split(File.pathSeparator);
        return Arrays.stream(entries).map(Path::of).filter(Files::exists).map(OrdinaryUser::copy).map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A copy of a file or folder that everybody may read. */
    private static Path copy(Path original) {
        try (Stream<Path> there = Files.list(HOME)) {
            Path copy = HOME.resolve(there.count() + "-" + original.getFileName());
            Files.walkFileTree(original, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                    Files.createDirectories(copy.resolve(original.relativize(directory).toString()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.copy(file, file.equals(original) ? copy : copy.resolve(original.relativize(file).toString()));
                    return FileVisitResult.CONTINUE;
                }
            });
            Command.require(List.of("chmod", "-R", "a+rX", copy.toString()));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The command that runs a class as this user.
     *
     * @param directory its only argument is a copy of this folder, the user's own
     */
    static List<String> command(Class<?> main, Path directory) {
        Path own = copy(directory);
        Command.require(List.of("chown", "-R", ID, own.toString()));
        List<String> all = new ArrayList<>(List.of(
                "setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--"));
        all.addAll(JavaProgram.command(CLASS_PATH, main, own.toString()));
        return all;
    }
}
