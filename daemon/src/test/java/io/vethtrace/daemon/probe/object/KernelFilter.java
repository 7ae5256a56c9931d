package io.vethtrace.daemon.probe.object;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.BpfProgram;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.probe.attach.BpfObjectFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A filter in the objects of bpf/proof, loaded, to be asked by BPF_PROG_RUN. */
final class KernelFilter implements AutoCloseable {
  private static final int QUESTION_BYTES = 8;

  private final BpfObject frames;
  private final BpfObject skbs;
  private final BpfProgram frame;
  private final BpfProgram skb;
  private final BpfProgram taggedSkb;

  private KernelFilter(BpfObject frames, BpfObject skbs) {
    this.frames = frames;
    this.skbs = skbs;
    frame = frames.program("frame_match");
    skb = skbs.program("skb_match");
    taggedSkb = skbs.program("skb_match_tag");
  }

  static KernelFilter load(Filter filter) {
    BpfObject frames = load("frame_match", filter, Set.of("frame_match"));
    try {
      return new KernelFilter(
          frames, load("skb_match", filter, Set.of("skb_match", "skb_match_tag")));
    } catch (RuntimeException e) {
      frames.close();
      throw e;
    }
  }

  private static BpfObject load(String name, Filter filter, Set<String> programs) {
    TraceFilter traceFilter = new TraceFilter(Optional.of(filter), List.of(), List.of());
    Libbpf libbpf = Libbpf.load();
    BpfObject object =
        libbpf.open(name, ObjectPatch.apply(traceFilter, BpfObjectFiles.object(name)));
    try {
      object.autoloadOnly(programs);
      object.load();
      return object;
    } catch (RuntimeException e) {
      object.close();
      throw e;
    }
  }

  /** Filters a frame of that length, of which only the first bytes were captured. */
  boolean matches(byte[] captured, int lengthBytes) {
    ByteBuffer question =
        ByteBuffer.allocate(QUESTION_BYTES + captured.length).order(ByteOrder.nativeOrder());
    question.putInt(captured.length).putInt(lengthBytes).put(captured);
    return frame.run(question.array()) != 0;
  }

  boolean matchesSkb(byte[] bytes) {
    return answer(skb.runOnFrame(bytes));
  }

  /** Filters an skb that has a tag of VLAN 7 beside its bytes. */
  boolean matchesTaggedSkb(byte[] bytes) {
    return answer(taggedSkb.runOnFrame(bytes));
  }

  private static boolean answer(int returned) {
    if (returned != 0 && returned != 1) {
      throw new IllegalStateException("the program failed: returned=" + returned);
    }
    return returned == 1;
  }

  @Override
  public void close() {
    frames.close();
    skbs.close();
  }
}
