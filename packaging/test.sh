#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds everything and runs every test; the last line counts them over all modules.
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(packaging/find-jdk.sh)
export JAVA_HOME

reports=build/check/reports
rm -rf ./*/target/surefire-reports $reports
mkdir -p $reports

# Runs a check that is no JUnit test and reports it as one.
check() {
  local name=$1 failure=
  shift
  "$@" || failure="<failure/>"
  echo "<testsuite><testcase classname=\"packaging\" name=\"$name\">$failure</testcase></testsuite>" >"$reports/TEST-$name.xml"
}
check c_and_shell_are_formatted packaging/format.sh --check
check sources_keep_the_rules packaging/check.sh --sources

built=0
# The daemon's tests and the command line's need nothing of each other, and wait most of the time.
# A failed test must not keep the next module's tests from running; TestCount fails the run.
mvn -T 2 -Dmaven.test.failure.ignore=true verify </dev/null || built=$?
echo
"$JAVA_HOME/bin/java" packaging/TestCount.java "$built" ./*/target/surefire-reports $reports
