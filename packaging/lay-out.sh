#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lays out build/vethtrace from the jars that Maven built. Maven calls it in the package phase:
#
#   lay-out.sh VERSION JDK
#
# The new folder is made beside the old one and then replaces it, and only if something changed: the
# jars, the JDK, or the files of packaging, lab/faults, lab/topologies and bpf/lab. Lines that begin with
# "step: " tell build.sh what is done next.
set -eu
version=$1 jdk=$2
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd -P)
root=${here%/*}
home=$root/build/vethtrace
next=$root/build/vethtrace.next

ingredients() {
  {
    find "$here/target/lib" "$here/bin" "$here/systemd" "$root/daemon/src/main/c" "$root/lab/faults" \
      "$root/lab/topologies" "$root/bpf/target/lab" -type f 2>/dev/null
    find "$here" -maxdepth 1 -type f
    echo "$jdk/release"
  } | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
}

stamp=$root/build/.vethtrace-stamp
wanted=$(ingredients)
if [ -x "$home/bin/vethtrace" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi

echo "step: programs"
rm -rf "$next" "$stamp"
mkdir -p "$next/bin" "$next/lib" "$next/lab"
cp -p "$here"/target/lib/*.jar "$next/lib/"
"${CC:-cc}" -O2 -Wall -Wextra -Werror -shared -fPIC -o "$next/lib/libvethtrace.so" "$root/daemon/src/main/c/threads.c"
cp "$root/LICENSE" "$next/LICENSE"
cp -R "$root/LICENSES" "$next/LICENSES"
cp -R "$root/lab/faults" "$root/lab/topologies" "$next/lab/"
if [ -d "$root/bpf/target/lab" ]; then cp -R "$root/bpf/target/lab" "$next/lab/bpf"; fi
for program in vethtrace vethtraced; do
  sed "s/@VERSION@/$version/" "$here/bin/$program" >"$next/bin/$program"
  chmod 755 "$next/bin/$program"
done

echo "step: Java runtime"
modules=$(grep -v '^#' "$here/modules.txt" | paste -sd,)
"$jdk/bin/jlink" --module-path "$jdk/jmods" --add-modules "$modules" --output "$next/runtime" \
  --strip-debug --no-header-files --no-man-pages --compress zip-6

echo "step: manual pages"
"$jdk/bin/java" -cp "$next/lib/*" "$here/ManPages.java" "${version%-SNAPSHOT}" "$next/share/man"
completions=$next/share/bash-completion/completions
mkdir -p "$completions" "$next/share/systemd"
"$next/bin/vethtrace" completion bash >"$completions/vethtrace"
cp "$here"/systemd/* "$next/share/systemd/"

echo "step: AOT caches"
rm -rf "$home"
mv "$next" "$home"
"$here/train.sh" "$home"
echo "$wanted" >"$stamp"
