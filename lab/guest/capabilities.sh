#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tries which capabilities a process of another user than root needs on the running kernel for each
# thing that vethtraced does, and prints every smallest set. Needs root, gcc and `make build`.
#
#   lab/guest/capabilities.sh                           this machine's kernel
#   lab/guest/run.sh 6.1 -- lab/guest/capabilities.sh   another
#
# A row has "-" if not even all capabilities together suffice, and the message of the kernel or libbpf.
set -uo pipefail

fail() {
  echo "capabilities.sh: $*" >&2
  exit 2
}

here=$(dirname "$(realpath "$0")")
machine=$(uname -m)
objects=$here/../../bpf/target/classes/io/vethtrace/bpf/${machine/aarch64/arm64}
nobody=65534

[[ $(id -u) == 0 ]] || fail "must run as root, which can give capabilities away"
[[ -r $objects/veth_xmit.bpf.o ]] || fail "$objects holds no probes; run make build first"
for tool in gcc setpriv nsenter ip; do
  command -v $tool >/dev/null || fail "$tool is missing"
done

# The capabilities to try, with their numbers in include/uapi/linux/capability.h. One that root itself
# lacks here cannot be given away.
numbers=(bpf=39 perfmon=38 net_admin=12 sys_admin=21 sys_ptrace=19 syslog=34 sys_resource=24)
effective=$((16#$(awk '$1 == "CapEff:" {print $2}' /proc/self/status)))
caps=() absent=
for cap in "${numbers[@]}"; do
  if ((effective >> ${cap#*=} & 1)); then caps+=("${cap%=*}"); else absent+=" ${cap%=*}"; fi
done

work=$(mktemp -d)
netns=vt-capabilities-$$
finish() {
  ip netns del $netns 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$work"
cp "$objects"/*.bpf.o "$work"
gcc -O2 -Wall -Wextra -Werror -o "$work/attempt" "$here/attempt.c" -lbpf || fail "attempt.c does not compile; is libbpf-dev installed?"
if ! ip netns add $netns || ! ip -n $netns link add vt-a type veth peer name vt-b; then # loads the module
  fail "cannot make a veth pair"
fi

# The limit on locked memory that services and logins get by default on most distributions.
ulimit -l 8192 || fail "cannot set the limit on locked memory to 8 MiB"

# attempted MASK COMMAND…: runs the command as nobody, with the capabilities whose bits are set in MASK
attempted() {
  local mask=$1 set=-all i
  shift
  for i in "${!caps[@]}"; do
    if ((mask >> i & 1)); then set+=,+${caps[i]}; fi
  done
  (cd "$work" && setpriv --reuid=$nobody --regid=$nobody --clear-groups \
    --bounding-set="$set" --inh-caps="$set" --ambient-caps="$set" "$@") >"$work/said" 2>&1 </dev/null
}

names_of() {
  local mask=$1 names='' i
  for i in "${!caps[@]}"; do
    if ((mask >> i & 1)); then names+=${names:++}${caps[i]}; fi
  done
  echo "${names:-none}"
}

all=$(((1 << ${#caps[@]}) - 1))

# smallest_in UNIVERSE COMMAND…: sets `smallest` to a subset of UNIVERSE that suffices, and that does not
# without any of its members
smallest_in() {
  local i
  smallest=$1
  shift
  attempted "$smallest" "$@" || return
  for i in "${!caps[@]}"; do
    if ((smallest >> i & 1)) && attempted $((smallest & ~(1 << i))) "$@"; then
      smallest=$((smallest & ~(1 << i)))
    fi
  done
}

# without EXCLUDED COMMAND…: adds to `found` every smallest set that has none of EXCLUDED. A larger set
# always suffices too, so that any other smallest set lacks a member of a known one.
without() {
  local excluded=$1 known='' set i
  shift
  [[ -z ${seen[excluded]:-} ]] || return
  seen[excluded]=1
  for set in "${found[@]}"; do
    (((set & excluded) != 0)) || known=$set
  done
  if [[ -z $known ]]; then
    smallest_in $((all & ~excluded)) "$@" || return
    known=$smallest
    found+=("$known")
  fi
  for i in "${!caps[@]}"; do
    if ((known >> i & 1)); then without $((excluded | 1 << i)) "$@"; fi
  done
}

# row NAME COMMAND…
row() {
  local name=$1 sets='' said='' found=() seen=() smallest set
  shift
  without 0 "$@"
  for set in "${found[@]}"; do sets+=${sets:+ | }$(names_of "$set"); done
  if [[ -z $sets ]]; then
    attempted $all "$@"
    said=$(tail -n 1 "$work/said")
    sets="-  (${said:-no reason was given})"
  fi
  printf '%-34s %s\n' "$name" "$sets"
}

echo "Linux $(uname -r) $machine, kptr_restrict=$(cat /proc/sys/kernel/kptr_restrict)," \
  "perf_event_paranoid=$(cat /proc/sys/kernel/perf_event_paranoid)," \
  "unprivileged_bpf_disabled=$(cat /proc/sys/kernel/unprivileged_bpf_disabled), memlock 8 MiB${absent:+, not available here:$absent}"
row 'fentry of a vmlinux function' ./attempt loopback_xmit.bpf.o loopback_xmit_fentry
row 'fexit of fib_validate_source' ./attempt fib_validate_source.bpf.o fib_validate_source_fexit
row 'fentry of veth_xmit, in a module' ./attempt veth_xmit.bpf.o veth_xmit_fentry
row 'kprobe' ./attempt veth_xmit.bpf.o veth_xmit_kprobe
row 'kprobe+kretprobe' ./attempt fib_validate_source.bpf.o fib_validate_source_kprobe fib_validate_source_kretprobe
row 'tp_btf' ./attempt netif_rx.bpf.o netif_rx_tp_btf
row 'tp_btf kfree_skb' ./attempt kfree_skb.bpf.o kfree_skb_tp_btf
row 'tp_btf consume_skb' ./attempt consume_skb.bpf.o consume_skb_tp_btf
row 'raw_tp' ./attempt netif_rx.bpf.o netif_rx_raw_tp
row 'ring of 16 MiB' ./attempt ring $((16 << 20))
row 'ring of 1 MiB' ./attempt ring $((1 << 20))
# shellcheck disable=SC2016 # a program of awk's
row 'addresses in /proc/kallsyms' awk '$1 !~ /^0+$/ {found = 1; exit} END {exit !found}' /proc/kallsyms
row 'settings of a named netns' nsenter --net=/run/netns/$netns cat /proc/sys/net/ipv4/conf/all/rp_filter
# It compares the inode: on 5.10 stat(2) and readlink(2) succeed without permission, with another inode.
looks_at() {
  echo "test \"\$(stat -L -c %i /proc/$1/ns/net)\" = '$(stat -L -c %i "/proc/$1/ns/net" 2>/dev/null)'"
}
row "netns of another user's process" sh -c "$(looks_at $$)"
row "netns of pid 1" sh -c "$(looks_at 1)"
