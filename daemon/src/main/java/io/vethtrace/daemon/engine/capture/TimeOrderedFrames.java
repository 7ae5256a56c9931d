package io.vethtrace.daemon.engine.capture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of time. Items of one tap and direction come in order, so a few rows, of which
 * the earliest head is next, spare the comparisons of a heap. A heap takes what fits into no row.
 * For one thread.
 */
final class TimeOrderedFrames {
  private static final int MAX_ROWS = 16;

  private final List<Deque<CapturedFrameOrDrop>> rows = new ArrayList<>();
  private final PriorityQueue<CapturedFrameOrDrop> strays =
      new PriorityQueue<>(Comparator.comparingLong(CapturedFrameOrDrop::unixNs));
  private int size;

  void add(CapturedFrameOrDrop item) {
    size++;
    for (Deque<CapturedFrameOrDrop> row : rows) {
      CapturedFrameOrDrop last = row.peekLast();
      if (last == null || last.unixNs() <= item.unixNs()) {
        row.addLast(item);
        return;
      }
    }
    if (rows.size() < MAX_ROWS) {
      Deque<CapturedFrameOrDrop> row = new ArrayDeque<>();
      row.addLast(item);
      rows.add(row);
    } else {
      strays.add(item);
    }
  }

  int size() {
    return size;
  }

  /** Takes the earliest item if it is before that time, or if there are more than {@code max}. */
  @Nullable CapturedFrameOrDrop take(long beforeUnixNs, int max) {
    Deque<CapturedFrameOrDrop> earliest = null;
    CapturedFrameOrDrop head = strays.peek();
    for (Deque<CapturedFrameOrDrop> row : rows) {
      CapturedFrameOrDrop first = row.peekFirst();
      if (first != null && (head == null || first.unixNs() < head.unixNs())) {
        head = first;
        earliest = row;
      }
    }
    if (head == null || (head.unixNs() >= beforeUnixNs && size <= max)) {
      return null;
    }
    size--;
    return earliest == null ? strays.remove() : earliest.removeFirst();
  }
}
