# SPDX-License-Identifier: GPL-2.0

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local

##@ Use

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

demo: ## boot a Debian kernel in QEMU, record one curl, print it: half a minute
	scripts/demo

clean: ## remove what the builds of module and client made
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(MAKE) -C tools/tcplc clean

help: ## this list
	@sed -n 's/^##@ \(.*\)/\n\1/p; s/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

##@ Develop

check: ## all tests, before a change lands: 15 minutes on two cores
	scripts/check

kunit: ## part of check: the module's logic, in a user-mode kernel
	scripts/deps kunit
	scripts/kunit

tools-check: ## part of check: the client, without a kernel
	scripts/deps tools
	scripts/tools-check

browser-test: ## part of check: pictures and the report, in Chromium
	scripts/browser-test

lab-test: ## part of check: the scenarios, on Debian's 6.12 and 6.1
	scripts/lab-test

spec: ## part of check: header, policies and words agree with the netlink spec
	scripts/deps spec
	scripts/spec check

style: ## part of check: sparse, clang, checkpatch, coccinelle, cppcheck, prose, ...
	scripts/deps style
	scripts/style

check-all: ## all scenarios on every kernel from 5.10 to 7.3: an hour or two
	scripts/check-all

check-debug: ## KUnit, scenarios, fuzz and stress under KASAN, lockdep, KCSAN, PREEMPT_RT: hours
	scripts/check-debug

fuzz: ## any bytes for what the client reads: files, filters, netlink messages; SECONDS=60 each
	scripts/deps tools fuzz
	$(MAKE) -C tests/tcplc/fuzz run

##@ Measure

bench: ## what the module costs next to other tracers; writes docs/benchmarks.md: 17 minutes
	scripts/bench

stress: ## floods, churn, CPU hotplug, namespaces, a full pool: an hour
	scripts/stress

.PHONY: all module tools install demo check check-all check-debug spec kunit tools-check browser-test lab-test bench stress style fuzz clean help
