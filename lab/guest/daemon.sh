# SPDX-License-Identifier: Apache-2.0
# For scripts to read in: starts vethtraced as the lab's scripts need it. They set $home, and $folder to
# one of their own; $daemon is then its process, and VETHTRACE_SERVER where it listens.
# shellcheck shell=sh disable=SC2154

keeping=

# interpret OPTION: both programs run with this option of the JVM, -Xint for example; none if empty.
# The daemon then keeps no history, for which it would judge all traffic: under emulation that costs
# more than the commands that are waited for.
interpret() {
  [ -n "$1" ] || return 0
  keeping="--history-bytes 0"
  for program in vethtrace vethtraced; do
    printf '%s\n' "-XX:AOTCache=$home/lib/$program.aot" "$1" >"$folder/$program.options"
  done
  VETHTRACE_AOT=@$folder/vethtrace.options VETHTRACED_AOT=@$folder/vethtraced.options
  export VETHTRACE_AOT VETHTRACED_AOT
}

# start_daemon [OPTION…]: returns once it listens; where it does not start, ends the script with 3.
start_daemon() {
  # shellcheck disable=SC2086 # options
  "$home/bin/vethtraced" $keeping "$@" --socket "$folder/socket" >"$folder/log" 2>&1 &
  daemon=$!
  while ! grep -q listens "$folder/log"; do
    if ! kill -0 "$daemon" 2>/dev/null; then
      cat "$folder/log" >&2
      exit 3
    fi
    sleep 0.2
  done
  VETHTRACE_SERVER=unix:$folder/socket
  export VETHTRACE_SERVER
}
