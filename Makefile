# SPDX-License-Identifier: GPL-2.0

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build

all: module

module:
	@test -e $(KDIR)/Makefile || { \
	  echo "make: no kernel headers in $(KDIR): apt install linux-headers-$(KVER)," \
	       "or name others with KDIR= or KVER=" >&2; exit 2; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

.PHONY: all module clean
