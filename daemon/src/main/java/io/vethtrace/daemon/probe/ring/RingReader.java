package io.vethtrace.daemon.probe.ring;

import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.Epoll;
import io.vethtrace.daemon.libbpf.MappedMemory;
import java.lang.foreign.MemorySegment;

/**
 * Reads a BPF ring buffer where the kernel writes it, without a call for each record. One thread
 * drains and waits; it must have stopped before {@link #close}.
 */
public final class RingReader implements AutoCloseable {
  /** Takes a record, which is gone when the call returns. */
  @FunctionalInterface
  public interface RecordHandler {
    void record(MemorySegment ring, long at, int lengthBytes);
  }

  /**
   * The number of times that a long drain gives space back: rarely enough that the kernel's CPUs do
   * not contend for the cache line of the position, often enough that a full ring takes records
   * again soon.
   */
  private static final int RELEASES_PER_RING = 16;

  private final MappedMemory consumerPage;
  private final MappedMemory producerPages;
  private final MemorySegment consumer;
  private final MemorySegment producer;
  private final MemorySegment data;
  private final Epoll epoll;
  private final long mask;
  private final long releaseBytes;
  private long position;

  public RingReader(BpfMap ring, int ringBytes) {
    int pageBytes = MappedMemory.pageBytes();
    consumerPage = MappedMemory.writable(ring, 0, pageBytes);
    producerPages = MappedMemory.readOnly(ring, pageBytes, pageBytes + 2L * ringBytes);
    consumer = consumerPage.segment();
    producer = producerPages.segment();
    data = producer.asSlice(pageBytes);
    epoll = new Epoll(ring);
    mask = ringBytes - 1L;
    releaseBytes = ringBytes / RELEASES_PER_RING;
    position = RingLayout.consumerPosition(consumer);
  }

  /**
   * Hands over every record that was committed when the call began, in ring order, up to the first
   * one that is still being written.
   *
   * @return how many were handed over
   */
  public int drain(RecordHandler handler) {
    long produced = RingLayout.producerPosition(producer);
    long released = position;
    int records = 0;
    try {
      while (position < produced) {
        long at = position & mask;
        int header = RingLayout.header(data, at);
        if (RingLayout.isBusy(header)) {
          break;
        }
        position += RingLayout.strideBytes(header);
        if (!RingLayout.isDiscarded(header)) {
          handler.record(data, at + RingLayout.HEADER_BYTES, RingLayout.lengthBytes(header));
          records++;
        }
        if (position - released >= releaseBytes) {
          RingLayout.release(consumer, position);
          released = position;
        }
      }
    } finally {
      RingLayout.releaseBeforeLooking(consumer, position);
    }
    return records;
  }

  /** Waits until there is a record to read: false where the time was over, or a signal came. */
  public boolean awaitData(int timeoutMillis) {
    return hasData() || epoll.await(timeoutMillis);
  }

  private boolean hasData() {
    return position < RingLayout.producerPosition(producer)
        && !RingLayout.isBusy(RingLayout.header(data, position & mask));
  }

  /** Bytes that wait to be read. On any thread, until {@link #close}. */
  public long usedBytes() {
    long consumed = RingLayout.consumerPosition(consumer);
    return RingLayout.producerPosition(producer) - consumed;
  }

  @Override
  public void close() {
    epoll.close();
    producerPages.close();
    consumerPage.close();
  }
}
