#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds build/vethtrace and says step by step what it does and how many seconds that took. What
# Maven says besides is dropped, but for warnings and errors.
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(packaging/find-jdk.sh)
export JAVA_HOME

step= began=0 open=
finish() {
  if [ -n "$step" ]; then
    if [ -n "$open" ]; then printf ' %d s\n' $((SECONDS - began)); else printf '%s: %d s\n' "$step" $((SECONDS - began)); fi
  fi
  step= open=
}
begin() {
  finish
  step=$1 began=$SECONDS open=yes
  printf '%s ...' "$step"
}
say() {
  if [ -n "$open" ]; then echo; fi
  open=
  printf '%s\n' "$1"
}

# Each of Maven's modules is a step; lay-out.sh names its own.
while IFS= read -r line; do
  line=${line//$'\e[0m'/} # Maven resets colours that it was told not to use.
  case $line in
    "[INFO] Building vethtrace bpf "*) begin "BPF objects" ;;
    "[INFO] Building vethtrace proto "*) begin "protocol" ;;
    "[INFO] Building vethtrace daemon "*) begin "daemon" ;;
    "[INFO] Building vethtrace cli "*) begin "command line" ;;
    "[INFO] Building vethtrace bench "*) begin "benchmarks" ;;
    "[INFO] Building vethtrace packaging "*) begin "jars" ;;
    "[INFO] Building vethtrace lab "*) begin "lab" ;;
    "step: "*) begin "${line#step: }" ;;
    "[INFO]"* | "") ;;
    *) say "$line" ;;
  esac
done < <(mvn -Dstyle.color=never -DskipTests package 2>&1 </dev/null || echo "step: failed")
failed=
if [ "$step" = failed ]; then failed=yes step=; fi
finish
[ -z "$failed" ] || exit 1
echo "build/vethtrace: $(du -sh build/vethtrace | cut -f1)"
