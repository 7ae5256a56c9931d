package io.vethtrace.daemon.capture;

import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;

/**
 * One of libpcap's handles on a device, for one direction: libpcap does not say of a frame which
 * way it went, but its filters can tell.
 */
final class TapHandle implements AutoCloseable {
  /** So long the kernel may gather frames before it hands them over (TPACKET_V3). */
  private static final int TIMEOUT_MILLIS = 20;

  private static final int BUFFER_BYTES = 8 << 20;

  /** DLT_RAW of libpcap on Linux; its LINKTYPE_ has another value (pcap-common.c). */
  private static final int DLT_RAW = 12;

  private final PcapHandle handle;
  private final Direction direction;
  private final CaptureInterface from;

  private TapHandle(PcapHandle handle, Direction direction, CaptureInterface from) {
    this.handle = handle;
    this.direction = direction;
    this.from = from;
  }

  /** The calling thread must be in the device's namespace. */
  static TapHandle open(TapPoint point, TapOptions options, Direction direction)
      throws TapException {
    PcapHandle handle;
    try {
      handle = handle(point, options);
    } catch (PcapNativeException e) {
      throw new TapException(TapException.Kind.NOT_POSSIBLE, point.label() + ": " + e.getMessage());
    } catch (LinkageError e) {
      throw new TapException(
          TapException.Kind.NOT_POSSIBLE, "libpcap is missing: install libpcap0.8");
    }
    try {
      filter(handle, options.filter(), direction);
      return new TapHandle(handle, direction, described(point, options, linkType(handle)));
    } catch (PcapNativeException | NotOpenException e) {
      handle.close();
      throw new TapException(
          TapException.Kind.FILTER,
          "no filter: '%s': %s".formatted(options.filter(), e.getMessage()));
    }
  }

  private static PcapHandle handle(TapPoint point, TapOptions options) throws PcapNativeException {
    return new PcapHandle.Builder(point.ifname())
        .snaplen(options.snapLenBytes())
        .promiscuousMode(
            options.promiscuous() ? PromiscuousMode.PROMISCUOUS : PromiscuousMode.NONPROMISCUOUS)
        .timeoutMillis(TIMEOUT_MILLIS)
        .bufferSize(BUFFER_BYTES)
        .timestampPrecision(TimestampPrecision.NANO)
        .build();
  }

  /** {@code inbound} and {@code outbound} ask for skb->pkt_type, in the kernel too (gencode.c). */
  private static void filter(PcapHandle handle, String filter, Direction direction)
      throws PcapNativeException, NotOpenException {
    String way =
        switch (direction) {
          case INBOUND -> "inbound";
          case OUTBOUND -> "outbound";
          case UNKNOWN -> "";
        };
    String both = filter.isEmpty() || way.isEmpty() ? way + filter : way + " and (" + filter + ")";
    handle.setFilter(both, BpfCompileMode.OPTIMIZE);
  }

  private static int linkType(PcapHandle handle) {
    int dlt = handle.getDlt().value();
    return dlt == DLT_RAW ? LinkType.RAW : dlt;
  }

  private static CaptureInterface described(TapPoint point, TapOptions options, int linkType) {
    return new CaptureInterface(
        point.ifname(), "network namespace " + point.netnsName(), linkType, options.snapLenBytes());
  }

  CaptureInterface from() {
    return from;
  }

  /**
   * Hands frames over until {@link #stop}, on the calling thread. On lo the direction is not asked
   * for, and what libpcap gives is the received side.
   *
   * @throws PcapNativeException where the device is gone
   */
  void loop(Consumer<CapturedFrame> sink) throws PcapNativeException {
    Direction passed = direction == Direction.UNKNOWN ? Direction.INBOUND : direction;
    try {
      handle.loop(
          -1,
          (byte[] bytes) ->
              sink.accept(
                  new CapturedFrame(
                      from,
                      unixNs(handle.getTimestamp()),
                      passed,
                      handle.getOriginalLength(),
                      bytes)));
    } catch (InterruptedException | NotOpenException e) {
      // stopped, as was asked for
    }
  }

  private static long unixNs(Timestamp time) {
    return TimeUnit.MILLISECONDS.toSeconds(time.getTime()) * 1_000_000_000L + time.getNanos();
  }

  /** Ends {@link #loop}. On any thread. */
  void stop() {
    try {
      handle.breakLoop();
    } catch (NotOpenException e) {
      // stopped already
    }
  }

  /** Frames that passed the filter, and of these how many there was no room for. */
  Counts counts() {
    try {
      PcapStat stat = handle.getStats();
      return new Counts(stat.getNumPacketsReceived(), stat.getNumPacketsDropped());
    } catch (PcapNativeException | NotOpenException e) {
      return new Counts(0, 0);
    }
  }

  record Counts(long received, long dropped) {}

  @Override
  public void close() {
    handle.close();
  }
}
