package io.vethtrace.daemon.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.AwaitOtherThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetnsLookupTest {
  private final NetnsLookup directory = NetnsLookup.ofRunningKernel();

  @Test
  void the_hosts_namespace_needs_no_prefix() {
    Netns host = directory.find(directory.host().inode());

    assertThat(host.displayName()).isEqualTo("host");
    assertThat(host.commandPrefix()).hasValue("");
  }

  @Test
  void a_namespace_has_its_name_under_run_netns() {
    try (NamedTestNetns netns = new NamedTestNetns()) {
      Netns found = directory.find(netns.inode());

      assertThat(found.displayName()).isEqualTo(netns.name());
      assertThat(NamedTestNetns.run(prefix(found) + "stat -L -c %i /proc/self/ns/net"))
          .isEqualTo(Integer.toUnsignedString(netns.inode()));
    }
  }

  private static String prefix(Netns netns) {
    return netns.commandPrefix().orElseThrow();
  }

  @Test
  void a_namespace_that_is_gone_keeps_the_name_that_it_had() {
    int inode;
    String name;
    try (NamedTestNetns netns = new NamedTestNetns()) {
      inode = netns.inode();
      name = netns.name();
      assertThat(directory.displayName(inode)).isEqualTo(name);
    }

    Netns gone = directory.find(inode);
    assertThat(gone.displayName()).isEqualTo(name);
    assertThat(gone.commandPrefix()).isEmpty();
    assertThat(gone.file()).isEmpty();

    directory.refresh();
    assertThat(directory.displayName(inode))
        .isEqualTo("net:[" + Integer.toUnsignedString(inode) + "]");
  }

  @Test
  void a_namespace_without_a_name_is_that_of_its_first_process() throws Exception {
    NamedTestNetns.assumeRoot();
    Process sleep = new ProcessBuilder("unshare", "--net", "sleep", "60").start();
    try {
      Path file = Path.of("/proc/" + sleep.pid() + "/ns/net");
      int inode = inodeOnceItIsAnother(file);
      Netns found = directory.find(inode);

      assertThat(found).isInstanceOf(Netns.OfProcess.class);
      assertThat(found.displayName()).endsWith("[" + sleep.pid() + "]");
      assertThat(prefix(found)).isEqualTo("nsenter --target " + sleep.pid() + " --net ");
      assertThat(NamedTestNetns.run(prefix(found) + "stat -L -c %i /proc/self/ns/net"))
          .isEqualTo(Integer.toUnsignedString(inode));
    } finally {
      sleep.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_namespace_of_a_container_has_the_name_that_the_container_gives_itself(@TempDir Path folder)
      throws Exception {
    NamedTestNetns.assumeRoot();
    Path hostname = Files.writeString(folder.resolve("hostname"), "web-7f9c\n");
    String script = "mount --bind '%s' /etc/hostname && exec sleep 60".formatted(hostname);
    Process container =
        new ProcessBuilder("unshare", "--mount", "--net", "sh", "-c", script).start();
    try {
      Path file = Path.of("/proc/" + container.pid() + "/ns/net");
      int inode = inodeOnceItIsAnother(file);
      String expected = "web-7f9c/sleep[%d]".formatted(container.pid());
      AwaitOtherThread.until(
          "the container has its host name",
          () -> {
            directory.refresh();
            return directory.displayName(inode).equals(expected);
          });
    } finally {
      container.destroyForcibly().waitFor();
    }
  }

  private int inodeOnceItIsAnother(Path file) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      int inode = NsfsInode.of(file).orElseThrow();
      if (inode != directory.host().inode()) {
        return inode;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError(file + " is still the host's namespace");
  }

  @Test
  void a_name_given_later_is_found() throws Exception {
    NamedTestNetns.assumeRoot();
    Process sleep = new ProcessBuilder("unshare", "--net", "sleep", "60").start();
    String name = "vt-test-late-" + sleep.pid();
    try {
      int inode = inodeOnceItIsAnother(Path.of("/proc/" + sleep.pid() + "/ns/net"));
      assertThat(directory.find(inode)).isInstanceOf(Netns.OfProcess.class);

      NamedTestNetns.run("ip netns attach " + name + " " + sleep.pid());
      assertThat(directory.displayName(inode)).isEqualTo(name);
    } finally {
      sleep.destroyForcibly().waitFor();
      if (Files.exists(Path.of("/run/netns", name))) {
        NamedTestNetns.run("ip netns del " + name);
      }
    }
  }

  @Test
  void an_inode_that_is_no_namespace_is_shown_as_the_kernel_shows_it() {
    assertThat(directory.displayName(-1)).isEqualTo("net:[4294967295]");
    assertThat(directory.find(-1).commandPrefix()).isEmpty();
  }

  @Test
  void an_ordinary_file_under_run_netns_is_no_namespace(@TempDir Path names) throws IOException {
    Path stale = Files.createFile(names.resolve("stale"));
    int inode = ((Number) Files.getAttribute(stale, "unix:ino")).intValue();
    NetnsLookup withStaleName = new NetnsLookup(Path.of("/proc"), names);

    assertThat(withStaleName.find(inode)).isInstanceOf(Netns.Unlocated.class);
  }

  @Test
  void a_machine_without_run_netns_has_its_host_still(@TempDir Path empty) {
    NetnsLookup without = new NetnsLookup(Path.of("/proc"), empty.resolve("netns"));

    assertThat(without.displayName(without.host().inode())).isEqualTo("host");
    assertThat(without.find(-1)).isInstanceOf(Netns.Unlocated.class);
  }

  @Test
  void a_name_that_a_shell_would_split_is_quoted() {
    assertThat(prefix(new Netns.Named(1, "a b", Path.of("/run/netns/a b"))))
        .isEqualTo("ip netns exec 'a b' ");
  }
}
