package io.vethtrace.daemon.capture.live;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.capture.file.LinkType;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;

/**
 * One of libpcap's handles on a device, for one direction: libpcap does not say of a frame which
 * way it went, but its filters can tell.
 */
final class TapHandle implements AutoCloseable {
  /** The time for which the kernel may gather frames before it passes them on (TPACKET_V3). */
  static final int TIMEOUT_MILLIS = 20;

  private static final int BUFFER_BYTES = 8 << 20;

  /** DLT_RAW of libpcap on Linux; its LINKTYPE_ has another value (pcap-common.c). */
  private static final int DLT_RAW = 12;

  private final PcapHandle handle;
  private final FrameDirection direction;
  private final CaptureInterface from;
  private final AtomicLong received = new AtomicLong();

  private TapHandle(PcapHandle handle, FrameDirection direction, CaptureInterface from) {
    this.handle = handle;
    this.direction = direction;
    this.from = from;
  }

  /** The calling thread must be in the device's namespace. */
  static TapHandle open(TapPoint point, TapOptions options, FrameDirection direction)
      throws TapException {
    PcapHandle handle;
    try {
      handle = handle(point, options, direction);
    } catch (PcapNativeException e) {
      throw new TapException(TapException.Kind.NOT_POSSIBLE, point.label() + ": " + e.getMessage());
    } catch (LinkageError e) {
      throw new TapException(
          TapException.Kind.NOT_POSSIBLE, "libpcap is missing: install libpcap0.8");
    }
    try {
      handle.setFilter(options.filter(), BpfCompileMode.OPTIMIZE);
      return new TapHandle(handle, direction, described(point, options, linkType(handle)));
    } catch (PcapNativeException | NotOpenException e) {
      handle.close();
      throw new TapException(
          TapException.Kind.FILTER,
          "no filter: '%s': %s".formatted(options.filter(), e.getMessage()));
    }
  }

  private static PcapHandle handle(TapPoint point, TapOptions options, FrameDirection direction)
      throws PcapNativeException {
    return new PcapHandle.Builder(point.ifname())
        .snaplen(options.snapLenBytes())
        .promiscuousMode(
            options.promiscuous() ? PromiscuousMode.PROMISCUOUS : PromiscuousMode.NONPROMISCUOUS)
        .timeoutMillis(TIMEOUT_MILLIS)
        .bufferSize(BUFFER_BYTES)
        .timestampPrecision(TimestampPrecision.NANO)
        .direction(only(direction))
        .build();
  }

  /**
   * Sets the direction of the handle. The filter words {@code inbound} and {@code outbound} do not
   * work for this: libpcap tests the first frames, which the kernel had before it got the filter,
   * in user space, where these words never match.
   */
  private static PcapDirection only(FrameDirection direction) {
    return switch (direction) {
      case INBOUND -> PcapDirection.IN;
      case OUTBOUND -> PcapDirection.OUT;
      case UNKNOWN -> PcapDirection.INOUT;
    };
  }

  private static int linkType(PcapHandle handle) {
    int dlt = handle.getDlt().value();
    return dlt == DLT_RAW ? LinkType.RAW : dlt;
  }

  private static CaptureInterface described(TapPoint point, TapOptions options, int linkType) {
    return new CaptureInterface(
        point.ifname(),
        CaptureInterface.ofNetns(point.netnsName()),
        linkType,
        options.snapLenBytes());
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
    FrameDirection passed =
        direction == FrameDirection.UNKNOWN ? FrameDirection.INBOUND : direction;
    try {
      handle.loop(
          -1,
          (byte[] bytes) -> {
            received.incrementAndGet();
            long unixNs = unixNs(handle.getTimestamp());
            sink.accept(new CapturedFrame(from, unixNs, passed, handle.getOriginalLength(), bytes));
          });
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

  /** Frames that were handed over so far. */
  long received() {
    return received.get();
  }

  /**
   * Frames that the kernel's buffer had no room for, of either direction: the kernel does not know
   * that one is left out (tpacket_stats.tp_drops).
   */
  long dropped() {
    try {
      return handle.getStats().getNumPacketsDropped();
    } catch (PcapNativeException | NotOpenException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
