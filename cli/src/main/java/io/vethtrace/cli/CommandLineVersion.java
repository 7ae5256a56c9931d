package io.vethtrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this program, which the build wrote into a file beside this class. */
final class CommandLineVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "vethtrace %s (API vethtrace.v1, Java %s)"
          .formatted(number(), System.getProperty("java.version"))
    };
  }

  private static String number() {
    Properties properties = new Properties();
    try (InputStream in = CommandLineVersion.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "").replace("-SNAPSHOT", "");
  }
}
