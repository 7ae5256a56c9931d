#!/bin/bash
# Runs every benchmark: vethtrace and its rival in the same run. Needs root, JDK 25, Maven, gcc, clang and libbpf's headers.
#   bench/run.sh
set -euo pipefail
cd "$(dirname "$0")/.."

say() {
  echo "bench: $*" >&2
  exit 3
}
[ "$(id -u)" = 0 ] || say "must run as root: it loads BPF programs"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -version 2>&1 | grep -q 'version "25' || say "JAVA_HOME must name a JDK 25"
command -v gcc >/dev/null || say "gcc was not found: install the package gcc"

mvn -q -pl bench -am -DskipTests package
gcc -O2 -Wall -Wextra -Werror -Ibpf -o bench/target/drain bench/src/main/c/drain.c -lbpf
"$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
  -cp bench/target/classes:daemon/target/classes:bpf/target/classes \
  io.vethtrace.bench.RingBench bench/target/drain "bpf/target/classes/io/vethtrace/bpf/$(uname -m | sed s/aarch64/arm64/)/fill.bpf.o"

command -v tcpdump >/dev/null || say "tcpdump was not found: install the package tcpdump"
echo
"$java" -Xmx64m -XX:+UseSerialGC -cp bench/target/classes:daemon/target/classes \
  io.vethtrace.bench.CaptureBench bench/target/frames.pcapng "$(command -v tcpdump)"

bench/filter.sh
