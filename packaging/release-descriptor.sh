#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes proto/released/vethtrace.v1-VERSION.binpb, the descriptors of the public API as the version in
# the top pom has them. A test compares every later API with each file of that folder.
set -eu
cd "$(dirname "$0")/.."
JAVA_HOME=$(packaging/find-jdk.sh)
export JAVA_HOME

version=$(sed -n 's/.*<version>\(.*\)<\/version>.*/\1/p' pom.xml | head -n 1)
case $version in
  *-SNAPSHOT)
    echo "release-descriptor.sh: $version is not a release; set the version in the poms first" >&2
    exit 2
    ;;
esac
released=proto/released/vethtrace.v1-$version.binpb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mvn -q -pl proto generate-sources -Dspotless.check.skip -Dprotobuf.compiler.incremental=false \
  "-Dprotobuf.output=$work/java" "-Dprotobuf.descriptor=$work/api.binpb" </dev/null
if [ -e "$released" ] && ! cmp -s "$work/api.binpb" "$released"; then
  echo "release-descriptor.sh: $released exists and differs; a version is released once" >&2
  exit 1
fi
cp "$work/api.binpb" "$released"
echo "$released"
