# SPDX-License-Identifier: Apache-2.0
# What people run. Maven knows how to build; this adds what must be installed before it.
MAVEN = JAVA_HOME=$$(packaging/find-jdk.sh) && export JAVA_HOME && mvn
VETHTRACE = build/vethtrace/bin/vethtrace

.PHONY: help build check check-sources format test fuzz demo bench lab screens clean

help:
	@echo 'make build   build/vethtrace, which runs where no JDK is'
	@echo 'make check   the unit tests, compiled anew where sources changed; T=NAME: one class, T=NAME#METHOD: one test'
	@echo 'make check-sources  the rules for names, Javadoc and packages, with every line that breaks one'
	@echo 'make format  formats Java, C and shell'
	@echo 'make test    everything: unit tests, tests on this kernel, tests in guests (as root for all of it)'
	@echo 'make fuzz    five minutes of search for a capture that the readers fail on'
	@echo 'make demo    the experiment, explained and cured in a namespace of its own (as root)'
	@echo 'make bench   the benchmarks (as root)'
	@echo 'make lab     every fault on every kernel, into docs/lab.md (as root; hours). KERNELS=native: on these'
	@echo 'make screens what each command prints at 80 columns, into docs/screens (as root)'
	@echo 'make clean   remove what was built'

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

screens: build
	@lab/screens.sh

clean:
	@$(MAVEN) -q clean
	@rm -rf build
