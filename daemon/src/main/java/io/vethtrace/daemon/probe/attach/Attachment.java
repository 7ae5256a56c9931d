package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.libbpf.BpfLink;
import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.BpfProgram;
import java.util.List;

/** The result of attaching one probe point. */
public sealed interface Attachment {
  ProbePoint point();

  /** The better candidates that failed, in order of preference. */
  List<AttachFailure> failures();

  /** A candidate works. */
  record Attached(
      ProbePoint point,
      Mechanism mechanism,
      List<AttachFailure> failures,
      BpfObject object,
      List<BpfLink> links)
      implements Attachment, AutoCloseable {
    public ProbeCost cost() {
      long timeNs = 0;
      long runs = 0;
      long missed = 0;
      for (String program : mechanism.programs(point.pointName())) {
        BpfProgram.Runs ran = object.program(program).runs();
        timeNs += ran.timeNs();
        runs += ran.count();
        missed += ran.misses();
      }
      return new ProbeCost(point.hook(), timeNs, runs, missed);
    }

    @Override
    public void close() {
      links.forEach(BpfLink::close);
      object.close();
    }
  }

  /** The probe point is not attached: no mechanism works. */
  record Missing(ProbePoint point, List<AttachFailure> failures) implements Attachment {}
}
