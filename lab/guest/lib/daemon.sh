# SPDX-License-Identifier: Apache-2.0
# Functions to source: start and stop vethtraced, and wait for a condition. They set no variable of
# their caller.
# shellcheck shell=bash

# await SECONDS COMMAND…: runs the command until it succeeds, ten times a second. Returns 1, with a
# message, if it did not succeed within that time.
await() {
  local seconds=$1 deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    if ((SECONDS > deadline)); then
      echo "${0##*/}: waited $seconds s, and this still fails: $*" >&2
      return 1
    fi
    sleep 0.1
  done
}

# runs PID: succeeds while the process runs. A zombie does not run.
runs() {
  local state
  state=$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null) && [[ $state != Z ]]
}

ended() {
  ! runs "$1"
}

# stop_process PID: ends a process by SIGTERM and returns when it has ended. It need not be a child
# of this shell. Does nothing without a PID.
stop_process() {
  [[ -n $1 ]] || return 0
  kill "$1" 2>/dev/null || return 0
  wait "$1" 2>/dev/null || : # which fails at once for a process that is no child
  await 60 ended "$1"
}

# stop_jobs: ends all background jobs of this shell by SIGTERM and returns when they have ended.
stop_jobs() {
  local pid
  for pid in $(jobs -p); do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null # bash prints here which job a signal ended
}

# write_emulation_options HOME FOLDER: writes FOLDER/vethtrace.options and FOLDER/vethtraced.options
# for VETHTRACE_AOT and VETHTRACED_AOT (with @ before the path). With them the programs compile only
# code that runs tens of thousands of times: under emulation compiling costs more than it saves,
# because the compiled code has to be translated once more. Compiling nothing doubles the start time.
write_emulation_options() {
  local program
  for program in vethtrace vethtraced; do
    printf '%s\n' "-XX:AOTCache=$1/lib/$program.aot" -XX:TieredStopAtLevel=1 \
      -XX:CompileThresholdScaling=100 >"$2/$program.options"
  done
}

# start_daemon HOME FOLDER [OPTION…]: starts the vethtraced of HOME, which listens at
# unix:FOLDER/socket and logs to FOLDER/log. Prints its process id when it listens. Returns 3, with the
# log on standard error, if it does not start.
# It reads the daemon's output instead of polling, which is expensive under emulation.
start_daemon() {
  local home=$1 folder=$2 pid said listens=
  shift 2
  rm -f "$folder/output"
  mkfifo "$folder/output"
  "$home/bin/vethtraced" "$@" --socket "$folder/socket" >"$folder/output" 2>&1 &
  pid=$!
  exec 8<"$folder/output"
  while [[ -z $listens ]] && IFS= read -r said <&8; do
    printf '%s\n' "$said" >>"$folder/log"
    case $said in *listens*) listens=yes ;; esac
  done
  if [[ -z $listens ]]; then
    cat "$folder/log" >&2
    return 3
  fi
  cat <&8 >>"$folder/log" 2>/dev/null &
  exec 8<&-
  echo $pid
}
