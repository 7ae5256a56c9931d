#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs every fault of the lab on the running kernel and on each of Debian's, and writes docs/lab.md:
# which cause was named on which kernel, and whether the printed command cured it.
#
#   measure.sh [KERNEL[+load]…]     native, 5.10, 6.1, 6.12, 7.x; all of them without any
#
# With +load every namespace of a fault carries other traffic at the same time, 3000 packets/s natively
# and 2000 in an emulated guest (load.sh). The results are in build/lab/KERNEL.jsonl; a kernel that is
# not named keeps its old results. A run takes five minutes natively, a quarter of an hour in a guest,
# and three times that under load. Two run at a time.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/.."
home=$PWD/build/vethtrace results=build/lab
kernels=("$@")
all=(native 5.10 6.1 6.12 7.x)
((${#kernels[@]})) || kernels=("${all[@]}" native+load 6.12+load)
mkdir -p "$results"
gcc -O2 -Wall -Wextra -Werror -o "$results/load" lab/guest/load.c

measure() {
  local kernel=${1%+load} out=$results/$1
  local faults=("$PWD/lab/guest/faults.sh") guest=(lab/guest/run.sh -c 1 -t 7200 "$kernel" --)
  local load="$PWD/lab/guest/load.sh $PWD/$results/load"
  case $1 in
    native) faults+=("$home" 2 --all) ;;
    native+load) faults+=(-b "$load 3000" "$home" 1 --all) ;;
    # At this rate compiled code is worth its compilation, so that -e is not given.
    *+load) faults=("${guest[@]}" "${faults[@]}" -b "$load 2000" "$home" 1 --all) ;;
    *) faults=("${guest[@]}" "${faults[@]}" -e "$home" 4 --all) ;;
  esac
  # A fault with a wrong finding is a result, not a failure of the measurement.
  "${faults[@]}" >"$out.part" 2>"$out.err" || echo "$kernel: exit code $?; see $out.err" >&2
  mv "$out.part" "$out.jsonl"
}

for kernel in "${kernels[@]}"; do
  while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
  echo "measuring on $kernel" >&2
  measure "$kernel" &
done
wait

# print_table SUFFIX: prints the results of all kernels that were measured with this suffix.
print_table() {
  local kernel measured=()
  for kernel in "${all[@]}"; do
    [[ ! -s $results/$kernel$1.jsonl ]] || measured+=("$results/$kernel$1.jsonl")
  done
  ((!${#measured[@]})) || "$home/bin/vethtrace" lab table "${measured[@]}"
}

{
  cat <<'TEXT'
# The lab, measured

`make lab` wrote this: every fault of [lab/faults](../lab/faults), made on every kernel, explained by `vethtrace why`, cured by
the command that it printed, and its traffic repeated. The kernel that allows tracepoints alone is the machine's own.
`named` without more: no command cures it. `–`: this kernel lacks what the fault is made of.

TEXT
  print_table ''
  cat <<'TEXT'

## Under load

The same while every namespace of a fault carries other traffic, which is healthy: 3000 packets/s to and from each natively,
2000 in a guest, whose CPU is emulated.

TEXT
  print_table +load
} >build/lab/lab.md
cp build/lab/lab.md docs/lab.md
cat docs/lab.md
