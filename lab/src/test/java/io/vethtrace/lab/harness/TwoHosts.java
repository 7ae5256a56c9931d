package io.vethtrace.lab.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;

/** Two namespaces and a veth pair between them: 10.77.0.1 on veth0, 10.77.0.2 on veth1. */
public final class TwoHosts implements AutoCloseable {
  private final String here;
  private final String there;

  /** Makes both namespaces; their names begin with {@code name}. */
  public TwoHosts(String name) {
    String own = name + "-" + ProcessHandle.current().pid();
    here = own + "-a";
    there = own + "-b";
    run("ip", "netns", "add", here);
    run("ip", "netns", "add", there);
    run(words("ip -n %s link add veth0 type veth peer name veth1 netns %s".formatted(here, there)));
    Stream.of(
            "-n %s address add 10.77.0.1/24 dev veth0".formatted(here),
            "-n %s address add 10.77.0.2/24 dev veth1".formatted(there),
            "-n %s link set veth0 up".formatted(here),
            "-n %s link set veth1 up".formatted(there),
            "-n %s link set lo up".formatted(here),
            "-n %s link set lo up".formatted(there))
        .forEach(line -> run(words("ip " + line)));
  }

  public String here() {
    return here;
  }

  public String there() {
    return there;
  }

  /** Runs a command in the namespace of veth0 and returns its result. */
  public ProcessResult tryHere(String... command) {
    return ProcessResult.of(inside(here, command));
  }

  public void runThere(String... command) {
    run(inside(there, command));
  }

  private static String[] inside(String netns, String... command) {
    return Stream.concat(Stream.of("ip", "netns", "exec", netns), Arrays.stream(command))
        .toArray(String[]::new);
  }

  private static String[] words(String line) {
    return line.split(" ", -1);
  }

  private static void run(String... command) {
    ProcessResult run = ProcessResult.of(command);
    assertThat(run.exitCode()).as("%s: %s", run.command(), run.stderr()).isZero();
  }

  @Override
  public void close() {
    ProcessResult.of("ip", "netns", "del", here);
    ProcessResult.of("ip", "netns", "del", there);
  }
}
