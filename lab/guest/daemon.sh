# SPDX-License-Identifier: Apache-2.0
# For scripts to read in: starts vethtraced as the lab's scripts need it. They set $home, and $folder to
# one of their own; $daemon is then its process, and VETHTRACE_SERVER where it listens.
# shellcheck shell=sh disable=SC2154

keeping=

# under_emulation: both programs compile only what runs tens of thousands of times, as to compile costs
# more than it saves where what is compiled has to be translated once more; to compile nothing makes
# the start twice as long. The daemon keeps no history, for which it would judge all traffic: that
# costs more than the commands that are waited for.
under_emulation() {
  keeping="--history-bytes 0"
  for program in vethtrace vethtraced; do
    printf '%s\n' "-XX:AOTCache=$home/lib/$program.aot" -XX:TieredStopAtLevel=1 \
      -XX:CompileThresholdScaling=100 >"$folder/$program.options"
  done
  VETHTRACE_AOT=@$folder/vethtrace.options VETHTRACED_AOT=@$folder/vethtraced.options
  export VETHTRACE_AOT VETHTRACED_AOT
}

# start_daemon [OPTION…]: returns once it listens; where it does not start, ends the script with 3.
# It is waited for by reading what it says: to look again and again is dear under emulation.
start_daemon() {
  mkfifo "$folder/says"
  # shellcheck disable=SC2086 # options
  "$home/bin/vethtraced" $keeping "$@" --socket "$folder/socket" >"$folder/says" 2>&1 &
  daemon=$!
  exec 8<"$folder/says"
  listens=
  while [ -z "$listens" ] && IFS= read -r said <&8; do
    printf '%s\n' "$said" >>"$folder/log"
    case $said in *listens*) listens=yes ;; esac
  done
  if [ -z "$listens" ]; then
    cat "$folder/log" >&2
    exit 3
  fi
  cat <&8 >>"$folder/log" &
  exec 8<&-
  VETHTRACE_SERVER=unix:$folder/socket
  export VETHTRACE_SERVER
}
