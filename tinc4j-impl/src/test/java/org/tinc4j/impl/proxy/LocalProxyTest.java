package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import org.junit.jupiter.api.Test;

class LocalProxyTest {

    @Test
    void doesNotStartOnceItIsClosed() {
        LocalProxy proxy = new LocalProxy((host, port) -> null, (job, body) -> {});
        proxy.close();

        assertThatThrownBy(proxy::start).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }
}
