#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the Java sources that changed, without the checks of `make test`, and runs unit tests:
#
#   check.sh               all unit tests
#   check.sh NAME...       the named test classes: SourceRefusedTest, SourceRefusedTest#method, 'Source*'
#   check.sh --sources     no test, but the rules for sources that no compiler knows
#
# The program that does so, packaging/check, is compiled first where it is not up to date.
set -eu
cd "$(dirname "$0")/.."
JAVA_HOME=$(packaging/find-jdk.sh)
export JAVA_HOME
work=build/check

# A run is short: the cheap compiler and the cheap collector take half the time of the others.
java_flags="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

version=$(cat packaging/check/*.java packaging/check/junit/*.java packaging/check.sh "$JAVA_HOME/release" | cksum)
if [ "$(cat $work/tool.version 2>/dev/null)" != "$version" ]; then
  rm -rf "$work/tool" "$work/tool.version"
  mkdir -p "$work/tool"
  "$JAVA_HOME/bin/javac" -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -proc:none -d "$work/tool" packaging/check/*.java
  echo "$version" >"$work/tool.version"
fi
main=Check
if [ "${1:-}" = --sources ]; then main=SourceRules; fi
# shellcheck disable=SC2086 # a list of flags
exec "$JAVA_HOME/bin/java" $java_flags -Dcheck.version="$version" -cp "$work/tool" "$main" "$@"
