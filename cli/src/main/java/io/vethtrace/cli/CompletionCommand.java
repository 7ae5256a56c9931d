package io.vethtrace.cli;

import io.vethtrace.cli.exit.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vethtrace completion}: prints the script with which a shell completes command lines. */
@Command(
    name = "completion",
    description = {
      "Prints a script. A shell that reads it completes commands and options of vethtrace.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.DONE,
      ExitCodeHelp.USAGE,
    },
    footer = {
      "  vethtrace completion bash >/etc/bash_completion.d/vethtrace",
      "  source <(vethtrace completion bash)",
      "  source <(vethtrace completion zsh)",
    })
final class CompletionCommand implements Callable<Integer> {
  /** Runs compinit, which the script needs in zsh before it calls bashcompinit. */
  private static final String ZSH = "autoload -U +X compinit && compinit -i\n";

  private final CommandContext session;

  /** The shells that can read the script. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CommandSpec root = spec.root();
    String script = AutoComplete.bash(root.name(), root.commandLine());
    session.console().out().print(shell == Shell.ZSH ? ZSH + script : script);
    return ExitCode.NOTHING_WRONG;
  }
}
