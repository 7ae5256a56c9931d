package io.vethtrace.daemon.filter;

/**
 * Codes of eBPF instructions (include/uapi/linux/bpf.h). Arithmetic on 32 bits clears the upper
 * ones.
 */
final class Ebpf {
  static final int MOV = 0xb7;
  static final int MOV_REGISTER = 0xbf;
  static final int ADD = 0x07;
  static final int ADD_REGISTER = 0x0f;

  static final int MOV32 = 0xb4;
  static final int MOV32_REGISTER = 0xbc;
  static final int AND32 = 0x54;
  static final int OR32_REGISTER = 0x4c;
  static final int LSH32 = 0x64;
  static final int TO_BIG_ENDIAN = 0xdc;

  static final int LOAD_8 = 0x71;
  static final int LOAD_16 = 0x69;
  static final int LOAD_32 = 0x61;
  static final int LOAD_64 = 0x79;
  static final int STORE_32 = 0x62;
  static final int STORE_32_REGISTER = 0x63;

  static final int GOTO = 0x05;
  static final int IF_NOT_EQUAL = 0x55;
  static final int IF_GREATER = 0x25;
  static final int IF_GREATER_REGISTER = 0x2d;
  static final int IF_GREATER_OR_EQUAL = 0x35;
  static final int IF_LESS = 0xa5;

  /** The class of jumps that compare 32 bits, since 5.1; conditions are those of classic BPF. */
  static final int JMP32 = 0x06;

  static final int JNE = 0x50;
  static final int JLT = 0xa0;
  static final int JLE = 0xb0;

  static final int CALL = 0x85;
  static final int EXIT = 0x95;

  /** bpf_probe_read_kernel, since 5.5. */
  static final int PROBE_READ_KERNEL = 113;

  private Ebpf() {}
}
