# SPDX-License-Identifier: GPL-2.0

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local

all: module ## build tcp_lifecycle.ko for the running kernel, or KVER=, or KDIR=

module:
	@test -e $(KDIR)/Makefile || { \
	  echo "make: no kernel headers in $(KDIR): apt install linux-headers-$(KVER)," \
	       "or name others with KVER= or KDIR=" >&2; exit 2; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools: ## build tcplc, the client
	$(MAKE) -C tools/tcplc

install: tools ## install tcplc, its man pages and completion below PREFIX=/usr/local
	install -D -m 755 tools/tcplc/tcplc $(DESTDIR)$(PREFIX)/bin/tcplc
	install -D -m 644 tools/tcplc/tcplc.8 $(DESTDIR)$(PREFIX)/share/man/man8/tcplc.8
	install -D -m 644 docs/tcp_lifecycle.4 $(DESTDIR)$(PREFIX)/share/man/man4/tcp_lifecycle.4
	install -D -m 644 tools/tcplc/tcplc.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/tcplc

demo: ## boot a Debian kernel, record one curl, print it: the main thing
	scripts/demo

check: ## all tests: the netlink spec, static checkers, KUnit, then scenarios on Debian's 6.12 and 6.1
	scripts/check

check-all: ## every kernel of the range, from 5.10 to 7.3: build, load, all scenarios; one table
	scripts/check-all

spec: ## hold header, policies and words against the netlink spec
	scripts/deps spec
	scripts/spec check

kunit: ## the module's logic in a user-mode kernel
	scripts/deps kunit
	scripts/kunit

tools-check: ## tests of tcplc that need no kernel
	scripts/deps tools
	scripts/tools-check

lab-test: ## the scenarios only
	scripts/lab-test

bench: ## what the module costs beside other tracers: docs/benchmarks.md, made anew
	scripts/bench

stress: ## floods, churn, hotplug, namespaces, a full pool: long, and not part of check
	scripts/stress

check-debug: ## KUnit, scenarios, fuzz and stress under KASAN, lockdep, KCSAN, PREEMPT_RT
	scripts/check-debug

style: ## what static checkers say: sparse, clang, checkpatch, coccinelle, cppcheck, ...
	scripts/deps style
	scripts/style

clean: ## remove what the build of the module made
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(MAKE) -C tools/tcplc clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: all module tools install demo check check-all check-debug spec kunit tools-check lab-test bench stress style clean help
