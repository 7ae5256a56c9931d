#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Formats the sources: Java with google-java-format, C with clang-format, shell with shfmt.
#
#   format.sh            writes the files
#   format.sh --check    changes nothing and fails where C or shell is not formatted or shellcheck
#                        finds a mistake; Maven checks Java in its build
set -eu
cd "$(dirname "$0")/.."

# Prints the files that a condition of find holds for, but for those that a build made or fetched.
sources() {
  find . \( -name .git -o -name target -o -name node_modules -o -path ./build \) -prune -o -type f \( "$@" \) -print0
}

c_files() {
  sources -name '*.c' -o -name '*.h'
}

shell_files() {
  sources -name '*.sh' -o -path './.ci/run' -o -path './packaging/bin/*'
}

# Files that other scripts source are checked with those.
scripts() {
  shell_files | xargs -0 grep -lZ '^#!'
}

case ${1:-} in
  "")
    JAVA_HOME=$(packaging/find-jdk.sh)
    export JAVA_HOME
    mvn -q spotless:apply
    c_files | xargs -0 clang-format -i
    shell_files | xargs -0 shfmt -i 2 -ci -w
    ;;
  --check)
    failed=
    c_files | xargs -0 clang-format --dry-run --Werror || failed=yes
    shell_files | xargs -0 shfmt -i 2 -ci -d || failed=yes
    scripts | xargs -0 shellcheck || failed=yes
    if [ -n "$failed" ]; then
      echo "format.sh: \`make format\` mends the format; what shellcheck says needs a hand" >&2
      exit 1
    fi
    ;;
  *)
    echo "usage: format.sh [--check]" >&2
    exit 2
    ;;
esac
