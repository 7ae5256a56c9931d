# SPDX-License-Identifier: Apache-2.0
# The commands that people run. Maven builds; the scripts install what it needs and add the checks.
MAVEN = JAVA_HOME=$$(packaging/find-jdk.sh) && export JAVA_HOME && mvn
VETHTRACE = build/vethtrace/bin/vethtrace

.PHONY: help build check check-sources format test fuzz demo bench lab causes screens release-descriptor clean

help:
	@echo 'make build               lays out build/vethtrace, which runs without a JDK'
	@echo 'make check               runs the unit tests in seconds; T=NAME runs one class, T=NAME#METHOD one test'
	@echo 'make check-sources       lists what breaks the rules for names, Javadoc and packages'
	@echo 'make format              formats Java, C and shell'
	@echo 'make test                runs everything: unit tests, tests on this kernel and in guests (as root)'
	@echo 'make fuzz                searches five minutes for a capture that the readers fail on'
	@echo 'make demo                makes, explains and cures faults in network namespaces (as root)'
	@echo 'make bench               runs the benchmarks (as root)'
	@echo 'make lab                 runs every fault on every kernel and writes docs/lab.md (as root; hours).'
	@echo '                         KERNELS=native: on the running kernel only'
	@echo 'make causes  the table of docs/causes.md, from the rules and the lab'
	@echo 'make screens             writes the output of each command to docs/screens (as root)'
	@echo 'make release-descriptor  writes the API of the version in the poms to proto/released'
	@echo 'make clean               removes what was built'

build:
	@packaging/install-deps.sh build
	@packaging/build.sh

check:
	@packaging/install-deps.sh build
	@packaging/check.sh '$(T)'

check-sources:
	@packaging/check.sh --sources

format:
	@packaging/install-deps.sh format
	@packaging/format.sh

test:
	@packaging/install-deps.sh test
	@packaging/test.sh

fuzz:
	@packaging/install-deps.sh build
	@export JAZZER_FUZZ=1 && $(MAVEN) -pl daemon -am test -Dtest=CaptureFuzzTest \
	  -Dsurefire.failIfNoSpecifiedTests=false -Djazzer.hooks=true

demo: build
	@$(VETHTRACE) lab run blog-accept-local blog-rp-filter blog-lo-down blog-healthy

bench: build
	@JAVA_HOME=$$(packaging/find-jdk.sh) && export JAVA_HOME && bench/run.sh

lab: build
	@packaging/install-deps.sh test
	@lab/measure.sh $(KERNELS)

causes:
	@packaging/install-deps.sh build
	@VETHTRACE_WRITE=1 packaging/check.sh CausesPageTest

screens: build
	@lab/screens.sh

release-descriptor:
	@packaging/install-deps.sh build
	@packaging/release-descriptor.sh

clean:
	@$(MAVEN) -q clean
	@rm -rf build
