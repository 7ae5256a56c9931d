#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes every fault of the lab on the running kernel and on each of Debian's, and writes docs/lab.md:
# which cause was named where, and whether the printed command cured it.
#
#   measure.sh [KERNEL…]     native, 5.10, 6.1, 6.12, 7.x; all of them without any
#
# The results stay in build/lab/KERNEL.jsonl: a kernel that is not named keeps those that it had. Takes
# five minutes natively and a quarter of an hour to an hour in a guest; two guests run at a time.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."
home=$PWD/build/vethtrace results=build/lab
kernels=("$@")
((${#kernels[@]})) || kernels=(native 5.10 6.1 6.12 7.x)
mkdir -p "$results"

measure() {
  local kernel=$1 out=$results/$1
  local faults=(lab/guest/faults.sh)
  if [[ $kernel == native ]]; then
    faults+=("$home" 2 --all)
  else
    faults=(lab/guest/run.sh -c 1 -t 7200 "$kernel" -- "$PWD/lab/guest/faults.sh" -i "$home" 4 --all)
  fi
  # A fault that is not named right is a result, and not a failure of the measurement.
  "${faults[@]}" >"$out.part" 2>"$out.err" || echo "$kernel: exit code $?; see $out.err" >&2
  mv "$out.part" "$out.jsonl"
}

for kernel in "${kernels[@]}"; do
  while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
  echo "measuring on $kernel" >&2
  measure "$kernel" &
done
wait

measured=()
for kernel in native 5.10 6.1 6.12 7.x; do
  [[ ! -s $results/$kernel.jsonl ]] || measured+=("$results/$kernel.jsonl")
done
{
  cat <<'TEXT'
# The lab, measured

`make lab` wrote this: every fault of [lab/faults](../lab/faults), made on every kernel, explained by `vethtrace why`, cured by
the command that it printed, and its traffic repeated. The kernel that allows tracepoints alone is the machine's own.
`named` without more: no command cures it. `–`: this kernel lacks what the fault is made of.

TEXT
  "$home/bin/vethtrace" lab table "${measured[@]}"
} >build/lab/lab.md
cp build/lab/lab.md docs/lab.md
cat docs/lab.md
