#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the folder of a JDK that builds vethtrace: $JAVA_HOME if that is new enough, else the newest
# JDK under /usr/lib/jvm.
set -eu
oldest=25

# Prints the feature release of the JDK at $1, or 0. Its file "release" has JAVA_VERSION="25.0.1".
feature() {
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] || {
    echo 0
    return
  }
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  echo "${version:-0}"
}

best= best_feature=$((oldest - 1))
if [ -n "${JAVA_HOME:-}" ] && [ "$(feature "$JAVA_HOME")" -ge $oldest ]; then
  best=$JAVA_HOME
else
  for jdk in /usr/lib/jvm/*; do
    found=$(feature "$jdk")
    if [ "$found" -gt "$best_feature" ]; then best=$jdk best_feature=$found; fi
  done
fi
if [ -z "$best" ]; then
  echo "JDK $oldest or newer is missing: install one (openjdk-$oldest-jdk-headless or Temurin $oldest) and set JAVA_HOME to its folder." >&2
  exit 1
fi
echo "$best"
