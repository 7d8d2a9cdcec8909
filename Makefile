# SPDX-License-Identifier: GPL-2.0

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build

all: module ## build tcp_lifecycle.ko for the running kernel, or KVER=, or KDIR=

module:
	@test -e $(KDIR)/Makefile || { \
	  echo "make: no kernel headers in $(KDIR): apt install linux-headers-$(KVER)," \
	       "or name others with KVER= or KDIR=" >&2; exit 2; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

demo: ## boot a Debian kernel, record one curl, print it: the main thing
	scripts/demo

check: ## all tests: the netlink spec, KUnit, then scenarios on Debian's 6.12 and 6.1
	scripts/check

spec: ## hold header, policies and words against the netlink spec
	scripts/deps spec
	scripts/spec check

kunit: ## the module's logic in a user-mode kernel
	scripts/deps kunit
	scripts/kunit

lab-test: ## the scenarios only
	scripts/lab-test

clean: ## remove what the build of the module made
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: all module demo check spec kunit lab-test clean help
