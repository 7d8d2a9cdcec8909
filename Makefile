# SPDX-License-Identifier: GPL-2.0-only

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local
# Below PREFIX; Debian's packages have their own.
ZSH_COMPLETIONS ?= share/zsh/site-functions

##@ Use

all: module ## build tcp_lifecycle.ko for the running kernel, or KVER=, or KDIR=

module:
	@test -e $(KDIR)/Makefile || { \
	  echo "make: no kernel headers in $(KDIR): apt install linux-headers-$(KVER)," \
	       "or name others with KVER= or KDIR=" >&2; exit 2; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools: ## build tcplc, the client
	$(MAKE) -C tools/tcplc

# Each file that is installed, and where to; what the man pages name is among them.
installed := tools/tcplc/tcplc:bin/tcplc \
	tools/tcplc/tcplc.8:share/man/man8/tcplc.8 \
	docs/tcp_lifecycle.4:share/man/man4/tcp_lifecycle.4 \
	$(foreach page,tcplc-json.5 tcplc-format.5 tcplc-filter.7 tcplc-verdicts.7, \
		docs/man/$(page):share/man/man$(subst .,,$(suffix $(page)))/$(page)) \
	tools/tcplc/tcplc.bash:share/bash-completion/completions/tcplc \
	tools/tcplc/tcplc.zsh:$(ZSH_COMPLETIONS)/_tcplc \
	tools/tcplc/tcplc.fish:share/fish/vendor_completions.d/tcplc.fish \
	scripts/systemd/tcplc-log.service:lib/systemd/system/tcplc-log.service \
	include/tcp_lifecycle.yaml:share/tcp_lifecycle/tcp_lifecycle.yaml \
	docs/json.schema.json:share/tcp_lifecycle/json.schema.json \
	include/uapi/linux/tcp_lifecycle.h:include/linux/tcp_lifecycle.h \
	$(foreach doc,filter.md json.md format.md verdicts.md balance.md security.md stability.md guide.md limits.md why.md, \
		docs/$(doc):share/doc/tcplc/$(doc)) \
	README.md:share/doc/tcplc/README.md CHANGELOG.md:share/doc/tcplc/CHANGELOG.md \
	LICENSE:share/doc/tcplc/LICENSE \
	$(foreach example,modprobe.conf modules-load.conf initramfs-hook, \
		docs/examples/$(example):share/doc/tcplc/examples/$(example))

install: tools ## install tcplc, man pages, completions, header, spec, docs: DESTDIR=, PREFIX=/usr/local
	@set -e; for pair in $(installed); do \
	  from=$${pair%%:*} to="$(DESTDIR)$(PREFIX)/$${pair#*:}"; \
	  mode=644; test ! -x "$$from" || mode=755; \
	  echo "  INSTALL $$to"; \
	  install -D -m $$mode "$$from" "$$to"; \
	  case $$to in \
	  */man/*) sed -i 's|/usr/share/|$(PREFIX)/share/|g' "$$to" ;; \
	  */systemd/*) sed -i 's|/usr/bin/|$(PREFIX)/bin/|' "$$to" ;; \
	  esac; \
	done

uninstall: ## remove what make install put there
	@set -e; for pair in $(installed); do \
	  rm -f "$(DESTDIR)$(PREFIX)/$${pair#*:}"; \
	done; \
	for dir in share/doc/tcplc/examples share/doc/tcplc share/tcp_lifecycle; do \
	  test ! -d "$(DESTDIR)$(PREFIX)/$$dir" || \
	    rmdir --ignore-fail-on-non-empty "$(DESTDIR)$(PREFIX)/$$dir"; \
	done

dkms-install: ## as root: have DKMS build the module, now and for each new kernel
	scripts/dkms install

dkms-upgrade: ## the same; other versions go once this one is installed
	scripts/dkms upgrade

dkms-remove: ## as root: take it from DKMS
	scripts/dkms remove

dist: ## tarball of this version in build/, with its SHA256 and a bill of materials in SPDX
	scripts/deps deb
	scripts/dist

deb: ## Debian packages of module, client and header, in build/
	scripts/deps deb
	scripts/deb

rpm: ## packages for distributions with RPM, in build/; tried on none, see docs/releasing.md
	scripts/rpm

demo: ## boot a Debian kernel in QEMU, record one curl, print it, write demo.html: half a minute
	scripts/demo

tour: ## the chapters of the books on TCP, on a kernel in QEMU: tour/index.html, in three minutes
	scripts/tour

clean: ## remove what the builds of module and client made
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(MAKE) -C tools/tcplc clean

help: ## this list
	@sed -n 's/^##@ \(.*\)/\n\1/p; s/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

##@ Develop

check: ## all tests, before a change lands: an hour or more on two cores
	scripts/check

table: ## part of check: the table of records, by models and by threads
	scripts/table

kunit: ## part of check: the module's logic, in a user-mode kernel
	scripts/deps kunit
	scripts/kunit

tools-check: ## part of check: the client, without a kernel
	scripts/deps tools fuzz
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

deb-test: ## the packages come, upgrade and go, in roots and guests of the lab: half an hour
	scripts/deb-test

check-all: ## all scenarios on every kernel from 5.10 to 7.3: an hour or two
	scripts/check-all

check-debug: ## KUnit, scenarios, fuzz and stress under KASAN, lockdep, KCSAN, PREEMPT_RT: hours
	scripts/check-debug

fuzz: ## any bytes for what the client reads: files, filters, netlink messages; SECONDS=60 each
	scripts/deps tools fuzz
	$(MAKE) -C tests/tcplc/fuzz run

##@ Measure

bench: ## what the module costs next to other tracers; writes docs/benchmarks.md: 25 minutes
	scripts/bench

stress: ## floods, churn, CPU hotplug, namespaces, a full pool: an hour
	scripts/stress

.PHONY: all module tools install uninstall dkms-install dkms-upgrade dkms-remove dist deb deb-test rpm demo tour check check-all check-debug spec table kunit tools-check browser-test lab-test bench stress style fuzz clean help
