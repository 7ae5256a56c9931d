package io.vethtrace.daemon.app;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. */
final class DaemonVersion implements IVersionProvider {
  /** "0.1.0"; "development" where the classes do not come from a jar. */
  static final String NUMBER = number();

  private static String number() {
    String version = DaemonVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version.replace("-SNAPSHOT", "");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"vethtraced " + NUMBER};
  }
}
