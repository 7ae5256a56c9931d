#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs both programs once and keeps the classes that the JVM loaded and linked as AOT caches (JEP 483,
# 514) in HOME/lib. A cache halves the time until a program answers; the programs also work without it.
# As root the daemon traces one ping in a network namespace of its own. For other users both programs
# end with an error, and their caches hold what was loaded until then.
#
#   train.sh HOME
set -eu
home=$1
work=$(mktemp -d)
daemon=
finish() {
  exec 3>&- # a private daemon ends when its standard input does
  if [ -n "$daemon" ]; then wait "$daemon" || true; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The first ping is not answered, because lo is down; the second is.
traffic='ping -c 1 -W 1 127.0.0.1; ip link set lo up; ping -c 1 127.0.0.1'
isolated=
if [ "$(id -u)" -eq 0 ] && unshare --net true 2>/dev/null; then isolated='unshare --net'; fi

mkfifo "$work/stdin"
VETHTRACED_AOT=-XX:AOTCacheOutput=$home/lib/vethtraced.aot \
  "$home/bin/vethtraced" --private --socket "$work/socket" <"$work/stdin" >"$work/stdout" 2>"$work/daemon.log" &
daemon=$!
exec 3>"$work/stdin"
waited=0
while [ ! -s "$work/stdout" ] && kill -0 "$daemon" 2>/dev/null && [ $waited -lt 60 ]; do
  sleep 1
  waited=$((waited + 1))
done

# shellcheck disable=SC2086 # none or two words
VETHTRACE_AOT=-XX:AOTCacheOutput=$home/lib/vethtrace.aot $isolated \
  "$home/bin/vethtrace" --server "unix:$work/socket" why -- sh -c "$traffic" >"$work/cli.log" 2>&1 || true

exec 3>&-
wait "$daemon" || true
daemon=
for cache in vethtrace vethtraced; do
  chmod 644 "$home/lib/$cache.aot" 2>/dev/null || true # the daemon runs with a narrow umask
  if [ ! -s "$home/lib/$cache.aot" ]; then
    echo "packaging: no AOT cache for $cache was made; it will start slower" >&2
    tail -n 5 "$work/cli.log" "$work/daemon.log" >&2
  fi
done
