package io.vethtrace.daemon.kernel.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The VLANs of a bridge port (struct bridge_vlan_info, include/uapi/linux/if_bridge.h).
 *
 * @param pvid the VLAN of frames that come in without a tag; empty where such frames are refused
 * @param ids the VLANs whose frames may pass the port
 */
public record BridgeVlans(OptionalInt pvid, Set<Integer> ids) {
  public static final BridgeVlans NONE = new BridgeVlans(OptionalInt.empty(), Set.of());

  private static final int INFO_BYTES = 4; // flags u16, vid u16
  private static final int PVID = 1 << 1; // BRIDGE_VLAN_INFO_PVID

  public BridgeVlans {
    ids = Set.copyOf(ids);
  }

  static BridgeVlans of(List<byte[]> infos) {
    OptionalInt pvid = OptionalInt.empty();
    Set<Integer> ids = new HashSet<>();
    for (byte[] info : infos) {
      if (info.length < INFO_BYTES) {
        continue;
      }
      ByteBuffer bytes = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
      int vid = bytes.getShort(2) & 0xffff;
      ids.add(vid);
      if ((bytes.getShort(0) & PVID) != 0) {
        pvid = OptionalInt.of(vid);
      }
    }
    return new BridgeVlans(pvid, ids);
  }
}
