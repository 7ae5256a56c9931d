package io.vethtrace.daemon.app;

import io.vethtrace.daemon.engine.DoctorReport;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.libbpf.LibbpfMissingException;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.attach.TracingUnavailableException;
import io.vethtrace.daemon.serve.DoctorReportMessages;
import io.vethtrace.daemon.serve.GrpcServer;
import io.vethtrace.daemon.serve.report.CaptureReportMessages;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vethtraced}: traces until it is told to stop. */
@Command(
    name = "vethtraced",
    description = "Traces packets through the kernel and serves what it sees on a Unix socket.",
    mixinStandardHelpOptions = true,
    versionProvider = DaemonVersion.class,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:stopped as told", "2:usage", "3:tracing is not possible here"})
public final class Vethtraced implements Callable<Integer> {
  private static final String GROUP = "vethtrace";
  private static final int USAGE = 2;
  private static final int TRACING_NOT_POSSIBLE = 3;

  /** Two seconds are promised; what is not done by then the kernel does when the process ends. */
  private static final int STOP_MILLIS = 1500;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings, a line each: name = value, where a name is that of an option below. The"
              + " command line comes first (default: /etc/vethtrace/vethtraced.conf, where that"
              + " exists).")
  @SuppressWarnings("UnusedVariable") // read from the parsed command line, before anything else
  private @Nullable Path config;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = "/run/vethtrace/vethtrace.sock",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private Path socket = Path.of("");

  @Option(
      names = "--ring-bytes",
      paramLabel = "N",
      defaultValue = "16777216",
      description = "Size of the kernel's ring, a power of two (default: ${DEFAULT-VALUE}).")
  private int ringBytes;

  @Option(
      names = "--private",
      description =
          "Serve one command line: say READY on standard output, end when standard input does.")
  private boolean isPrivate;

  @Option(
      names = "--examine",
      description =
          "Print as one line of JSON what this kernel allows and what is missing, and end. Nothing"
              + " is traced.")
  private boolean examine;

  @Option(
      names = "--explain",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Print as one line of JSON what these captures show, and end. Nothing is traced, and no"
              + " privilege is needed.")
  private List<Path> captures = List.of();

  @Option(names = "--frames", description = "With --explain: name every frame too.")
  private boolean frames;

  @Mixin private final TraceFilterOptions selection = new TraceFilterOptions();

  @Mixin private final HistoryOptions history = new HistoryOptions();

  @Mixin private final MetricsOption metrics = new MetricsOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean serving;
  private volatile String stopReason = "";
  private volatile boolean failed;

  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    CommandLine line = commandLine();
    try {
      return line.execute(ConfigFile.before(args, line).toArray(String[]::new));
    } catch (UsageException e) {
      return complain(String.valueOf(e.getMessage()), line);
    }
  }

  /** The program as picocli knows it: its options, and how it complains. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Vethtraced());
    line.setParameterExceptionHandler((e, _) -> complain(sentence(e), e.getCommandLine()));
    return line;
  }

  private static String sentence(ParameterException e) {
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return first + "; see vethtraced --help";
  }

  private static int complain(String sentence, CommandLine line) {
    line.getErr().println("vethtraced: " + sentence);
    return USAGE;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!captures.isEmpty()) {
      return explain();
    }
    return examine ? examine() : trace();
  }

  private int explain() {
    return switch (CaptureExplanation.of(captures)) {
      case CaptureExplanation.Outcome.Explained explained -> {
        print(CaptureReportMessages.json(explained.explanation(), frames));
        yield 0;
      }
      case CaptureExplanation.Outcome.Unreadable unreadable -> {
        spec.commandLine().getErr().println("vethtraced: " + unreadable.why());
        yield USAGE;
      }
    };
  }

  private void print(String line) {
    out().println(line);
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Goes on where tracing would end: each thing that is missing is an answer. */
  private int examine() {
    requireOptions();
    DoctorReport checkup = DoctorReports.byTrying(ringBytes);
    print(DoctorReportMessages.json(checkup, DaemonVersion.NUMBER));
    return checkup.tracingPossible() ? 0 : TRACING_NOT_POSSIBLE;
  }

  private void requireOptions() {
    try {
      options();
    } catch (LibbpfMissingException e) {
      // The examination says so.
    }
  }

  private int trace() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopOnSignal, "stop"));
    try {
      return serve(options());
    } catch (UsageException e) {
      return complain(e, USAGE);
    } catch (TracingUnavailableException | LibbpfMissingException | StartFailure e) {
      return complain(e, TRACING_NOT_POSSIBLE);
    } finally {
      stopped.countDown();
    }
  }

  private int complain(RuntimeException e, int exitCode) {
    spec.commandLine().getErr().println("vethtraced: " + e.getMessage());
    return exitCode;
  }

  private int serve(ProbeOptions options) throws InterruptedException {
    // The settings of the service are no wish of a command that has its own daemon.
    Optional<InetSocketAddress> metricsAddress = isPrivate ? Optional.empty() : metrics.address();
    ServiceLog life = isPrivate ? ServiceLog.silent() : ServiceLog.of(out());
    try (SocketFile file = SocketFile.prepare(socket);
        Daemon daemon = Daemon.start(options, history(), this::fail);
        var _ = MetricsOption.start(metricsAddress, daemon, () -> serving);
        GrpcServer server = GrpcServer.start(socket, daemon.services())) {
      open(file, life);
      life.loaded(daemon.probes());
      life.dropped(PrivilegeDrop.inAllThreads(isPrivate));
      server.markServing();
      serving = true;
      announce(life, daemon);
      stop.await();
      life.stopping(stopReason, daemon.stages());
    } catch (IOException e) {
      throw StartFailure.socket(socket, e);
    }
    life.stopped();
    return failed ? TRACING_NOT_POSSIBLE : 0;
  }

  private void open(SocketFile file, ServiceLog life) throws IOException {
    file.restrict();
    if (!isPrivate) {
      file.shareWith(GROUP).ifPresent(life::note);
    }
  }

  /** Tracing ended by itself, and said why. */
  private void fail() {
    failed = true;
    stop("tracing ended by itself");
  }

  private void stop(String reason) {
    stopReason = reason;
    stop.countDown();
  }

  private ProbeOptions options() {
    try {
      return new ProbeOptions(ringBytes, selection.selection());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** Nobody comes back to a daemon that ends with its one command line. */
  private HistoryLimits history() {
    return isPrivate ? HistoryLimits.none() : history.size();
  }

  private void announce(ServiceLog life, Daemon daemon) {
    if (isPrivate) {
      print("READY");
      Thread.ofPlatform().daemon().name("parent").start(this::watchParent);
    } else {
      life.listens(socket, daemon.probes(), daemon.progress()::drained);
    }
  }

  private void watchParent() {
    new ParentProcess(System.in).awaitEnd();
    stop("the command line that it served has ended");
  }

  /**
   * Waits until the probes are detached. A signal is an order to stop, and one that was carried out
   * is no failure: the JVM alone would end with 128 + n.
   */
  private void stopOnSignal() {
    boolean bySignal = stopped.getCount() > 0;
    if (bySignal) {
      stop("a signal says so");
    }
    try {
      boolean inTime = stopped.await(STOP_MILLIS, TimeUnit.MILLISECONDS);
      if (!inTime && serving) {
        new SocketFile(socket).close(); // all else goes with the process
      }
      if (bySignal) {
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
