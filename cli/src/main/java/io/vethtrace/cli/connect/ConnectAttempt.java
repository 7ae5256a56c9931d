package io.vethtrace.cli.connect;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.util.Locale;

/** Whether somebody accepts connections at an address, found by connecting once. */
sealed interface ConnectAttempt {
  record Yes() implements ConnectAttempt {}

  record Nobody() implements ConnectAttempt {}

  record Refused(String why) implements ConnectAttempt {}

  static ConnectAttempt at(ServerAddress address) {
    if (address instanceof ServerAddress.Unix(var path) && !Files.exists(path)) {
      return new Nobody();
    }
    try (SocketChannel _ = connect(address)) {
      return new Yes();
    } catch (UnresolvedAddressException e) {
      return new Refused("its name has no address");
    } catch (ConnectException e) {
      return new Nobody();
    } catch (IOException e) {
      return new Refused(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
    }
  }

  private static SocketChannel connect(ServerAddress address) throws IOException {

    return SocketChannel.open(address.socketAddress());
  }
}
