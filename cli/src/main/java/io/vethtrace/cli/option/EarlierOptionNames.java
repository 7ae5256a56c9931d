package io.vethtrace.cli.option;

import java.util.Map;
import java.util.Objects;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Earlier names of options. Scripts may use them for ever, and help, manual pages and completion do
 * not show them.
 */
public final class EarlierOptionNames {
  private EarlierOptionNames() {}

  /** Lets a subcommand of {@code root} accept {@code earlier} wherever it accepts {@code name}. */
  public static void accept(CommandLine root, String subcommand, String name, String earlier) {
    CommandSpec command =
        Objects.requireNonNull(root.getSubcommands().get(subcommand)).getCommandSpec();
    OptionSpec option = Objects.requireNonNull(command.findOption(name));
    command.addOption(
        OptionSpec.builder(earlier)
            .hidden(true)
            .typeInfo(option.typeInfo())
            .arity(option.arity())
            .preprocessor(new Renaming(option.longestName()))
            .build());
  }

  /** Puts the present name in place of the earlier one, before the value is read. */
  private record Renaming(String name) implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's parser works on a Stack.
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec argument, Map<String, Object> info) {
      boolean isAttached = !String.valueOf(info.getOrDefault("separator", "")).isBlank();
      args.push(isAttached ? name + "=" + args.pop() : name);
      return true;
    }
  }
}
