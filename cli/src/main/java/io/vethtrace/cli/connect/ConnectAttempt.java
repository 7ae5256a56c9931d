package io.vethtrace.cli.connect;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.util.Locale;

/** The result of connecting once to an address, to see if a daemon listens there. */
sealed interface ConnectAttempt {
  record Accepted() implements ConnectAttempt {}

  record NobodyListens() implements ConnectAttempt {}

  record Refused(String why) implements ConnectAttempt {}

  static ConnectAttempt at(ServerAddress address) {
    if (address instanceof ServerAddress.Unix(var path) && !Files.exists(path)) {
      return new NobodyListens();
    }
    try (SocketChannel _ = connect(address)) {
      return new Accepted();
    } catch (UnresolvedAddressException e) {
      return new Refused("its host name has no address");
    } catch (ConnectException e) {
      return new NobodyListens();
    } catch (IOException e) {
      return new Refused(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
    }
  }

  private static SocketChannel connect(ServerAddress address) throws IOException {
    return SocketChannel.open(address.socketAddress());
  }
}
