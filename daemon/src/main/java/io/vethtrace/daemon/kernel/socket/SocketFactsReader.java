package io.vethtrace.daemon.kernel.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the sockets of the namespace of the calling thread. A table that this kernel does not have
 * (IPv6 may be absent) is read as empty.
 *
 * <pre>
 * /proc/net/tcp, udp   net/ipv4/tcp_ipv4.c, get_tcp4_sock; net/ipv4/udp.c, udp4_format_sock (6.18)
 *   sl  local_address  rem_address  st  tx_queue:rx_queue  tr:tm->when  retrnsmt  uid  timeout
 *   inode  ref  pointer  drops (UDP)
 * </pre>
 */
public final class SocketFactsReader {
  private static final Path OF_THREAD = Path.of("/proc/thread-self/net");
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final String LISTEN = "0A"; // TCP_LISTEN, include/net/tcp_states.h
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int QUEUES = 4;
  private static final int INODE = 9;
  private static final int DROPS = 12;

  private SocketFactsReader() {}

  public static SocketFacts read() {
    List<InetSocket> sockets = new ArrayList<>();
    read(sockets, "tcp", TCP);
    read(sockets, "tcp6", TCP);
    read(sockets, "udp", UDP);
    read(sockets, "udp6", UDP);
    Map<String, Long> counters = new HashMap<>();
    countersOf("snmp", counters);
    countersOf("netstat", counters);
    return new SocketFacts(true, sockets, counters);
  }

  private static void read(List<InetSocket> sockets, String table, int protocol) {
    try (Stream<String> lines = Files.lines(OF_THREAD.resolve(table))) {
      lines
          .skip(1)
          .map(line -> line.strip().split("\\s+", -1))
          .filter(row -> protocol == UDP || row[STATE].equals(LISTEN))
          .forEach(row -> sockets.add(socket(row, protocol)));
    } catch (IOException e) {
      // No IPv6 here.
      return;
    }
  }

  public static InetSocket socket(String[] row, int protocol) {
    String[] local = row[LOCAL_ADDRESS].split(":", 2);
    String[] queues = row[QUEUES].split(":", 2);
    return new InetSocket(
        protocol,
        address(local[0]),
        Integer.parseInt(local[1], 16),
        Long.parseLong(queues[1], 16),
        protocol == UDP && row.length > DROPS ? Long.parseLong(row[DROPS]) : 0,
        Long.parseLong(row[INODE]));
  }

  /** Words of 32 bits, each printed as the CPU reads it from the address in network order. */
  private static InetAddress address(String hex) {
    byte[] printed = HexFormat.of().parseHex(hex);
    ByteBuffer words = ByteBuffer.wrap(printed);
    ByteBuffer address = ByteBuffer.allocate(printed.length).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      address.putInt(words.getInt());
    }
    try {
      return InetAddress.getByAddress(address.array());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address=" + hex, e);
    }
  }

  /** A line of names and one of values for each protocol (net/ipv4/proc.c). */
  private static void countersOf(String file, Map<String, Long> counters) {
    List<String> lines;
    try {
      lines = Files.readAllLines(OF_THREAD.resolve(file));
    } catch (IOException e) {
      return;
    }
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String[] names = lines.get(i).split(" ", -1);
      String[] values = lines.get(i + 1).split(" ", -1);
      String protocol = names[0].replace(':', '.');
      for (int j = 1; j < Math.min(names.length, values.length); j++) {
        counters.put(protocol + names[j], Long.parseLong(values[j]));
      }
    }
  }
}
