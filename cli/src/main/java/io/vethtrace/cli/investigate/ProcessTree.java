package io.vethtrace.cli.investigate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of one command and the network namespaces in which they worked, from repeated looks
 * at /proc. A process that moved worked in the namespace where it was last seen. A process with
 * children, such as a shell, mostly waits for them. It counts only if no other process says more.
 */
final class ProcessTree {
  private final long ownNetns = ProcFile.netnsInode(ProcessHandle.current().pid()).orElse(0L);
  private final Map<Long, Member> members = new HashMap<>();
  private final Set<Long> worked = new HashSet<>();
  private final Set<Long> waited = new HashSet<>();

  private static final class Member {
    final Optional<ProcessHandle> handle;
    long netns;
    long expectedNetns;
    boolean parent;

    Member(long pid) {
      handle = ProcessHandle.of(pid);
    }
  }

  /** {@code argv} is known at once. The first look at the process may come too late. */
  ProcessTree(ProcessHandle root, List<String> argv) {
    Member member = new Member(root.pid());
    members.put(root.pid(), member);
    expectMove(member, argv);
    member.netns = member.expectedNetns;
  }

  /** Loads the classes with a first look, which takes longer than some commands live. */
  static void prepare() {
    new ProcessTree(ProcessHandle.current(), List.of()).look();
  }

  /** Looks once at every known process and at its present children. */
  synchronized void look() {
    Deque<Long> unseen = new ArrayDeque<>(members.keySet());
    while (!unseen.isEmpty()) {
      long pid = unseen.pop();
      look(pid, members.computeIfAbsent(pid, Member::new));
      for (long child : ProcFile.children(pid)) {
        members.get(pid).parent = true;
        if (!members.containsKey(child)) {
          unseen.push(child);
        }
      }
    }
    members.entrySet().removeIf(this::isOver);
  }

  private void look(long pid, Member member) {
    long seen = ProcFile.netnsInode(pid).orElse(member.netns);
    if (seen == ownNetns) {
      expectMove(member, ProcFile.argv(pid));
    }
    member.netns = seen == ownNetns && member.expectedNetns != 0 ? member.expectedNetns : seen;
  }

  private void expectMove(Member member, List<String> argv) {
    Set<Long> entered = NetnsExecTargets.inodes(argv);
    worked.addAll(entered);
    if (!entered.isEmpty() && NetnsExecTargets.isIpCommand(argv)) {
      member.expectedNetns = entered.iterator().next();
    }
  }

  private boolean isOver(Map.Entry<Long, Member> entry) {
    boolean over = !ProcFile.exists(entry.getKey());
    if (over) {
      note(entry.getValue());
    }
    return over;
  }

  private void note(Member member) {
    if (member.netns != 0) {
      (member.parent ? waited : worked).add(member.netns);
    }
  }

  /** Returns the inodes of the namespaces in which the packets of the command begin. */
  synchronized Set<Long> netnsInodes() {
    members.values().forEach(this::note);
    Set<Long> all = new HashSet<>(worked);
    waited.stream().filter(inode -> inode != ownNetns || worked.isEmpty()).forEach(all::add);
    return all.isEmpty() ? Set.of(ownNetns) : all;
  }

  /** Sends SIGTERM, or SIGKILL if forcibly, to all processes, also to those without a parent. */
  synchronized void signal(boolean forcibly) {
    look();
    for (Member member : members.values()) {
      member.handle.ifPresent(handle -> {
        boolean _ = forcibly ? handle.destroyForcibly() : handle.destroy();
      });
    }
  }

  /** Returns true if no process runs. A zombie does not run. */
  synchronized boolean isEmpty() {
    look();
    return members.keySet().stream().noneMatch(ProcFile::isRunning);
  }
}
