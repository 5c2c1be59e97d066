package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What arrived at a UDP socket, when and from whom. */
final class Inbox implements DatagramSink {

    record Mail(long atNanos, String text, InetSocketAddress from) {}

    private final VirtualTime time;
    final List<Mail> mails = new ArrayList<>();

    Inbox(VirtualTime time) {
        this.time = time;
    }

    @Override
    public void datagram(byte[] bytes, InetSocketAddress from) {
        mails.add(new Mail(time.nowNanos(), new String(bytes, StandardCharsets.UTF_8), from));
    }

    List<String> texts() {
        return mails.stream().map(Mail::text).toList();
    }

    List<InetSocketAddress> senders() {
        return mails.stream().map(Mail::from).toList();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
