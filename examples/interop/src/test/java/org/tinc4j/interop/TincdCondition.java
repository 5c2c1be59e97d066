package org.tinc4j.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.tinc4j.testkit.Command;
import org.tinc4j.testkit.TincdBinaries;

/** Looks whether this machine has what {@link RequiresTincd} asks for. */
final class TincdCondition implements ExecutionCondition {

    private static final List<String> COMMANDS = List.of("ip", "nft", "ping");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), RequiresTincd.class)
                .flatMap(needs -> missing(needs.value()));
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all there");
        }
        if (Boolean.getBoolean("tinc4j.requirePrivileged")) {
            throw new IllegalStateException("tinc4j.requirePrivileged is set, but " + missing.get());
        }
        return ConditionEvaluationResult.disabled(missing.get());
    }

    private static Optional<String> missing(RequiresTincd.Privilege privilege) {
        return switch (privilege) {
            case NONE -> missingDaemon();
            case NETWORK_NAMESPACES -> missingPrivilege().or(TincdCondition::missingDaemon);
        };
    }

    private static Optional<String> missingPrivilege() {
        if (!Command.run(List.of("id", "-u")).output().strip().equals("0")) {
            return Optional.of("network namespaces need root; run as root, or in a container with CAP_NET_ADMIN and CAP_SYS_ADMIN");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            return Optional.of("/dev/net/tun is missing; load the kernel module tun");
        }
        for (String command : COMMANDS) {
            if (!Command.run(List.of("sh", "-c", "command -v " + command)).succeeded()) {
                return Optional.of("the command " + command + " is missing; .ci/install-tools installs it");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> missingDaemon() {
        return TincdBinaries.find().isPresent() ? Optional.empty() : Optional.of(TincdBinaries.absence());
    }
}
