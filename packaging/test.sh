#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds everything and runs every test; the last line counts them over all modules.
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(packaging/find-jdk.sh)
export JAVA_HOME

rm -rf ./*/target/surefire-reports build/check/reports
built=0
# The daemon's tests and the command line's need nothing of each other, and wait most of the time.
# A failed test must not keep the next module's tests from running; TestCount fails the run.
mkdir -p build
packaging/check.sh --sources >build/source-rules.log || cat build/source-rules.log
mvn -T 2 -Dmaven.test.failure.ignore=true verify </dev/null || built=$?
echo
"$JAVA_HOME/bin/java" packaging/TestCount.java "$built" ./*/target/surefire-reports build/check/reports
