# SPDX-License-Identifier: GPL-3.0-or-later
# make          build/ramwalk, with the libraries that are installed
# make demo     installs what is missing, makes the demo image and opens it
# make test     installs what is missing and runs every test
# make guest    boots a real arm64 Linux and browses it live
# make bench    the figures, beside their limits
# make help     the rest

CFLAGS   ?= -O2 -g
WARNINGS  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wformat=2 -Wvla -Werror
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARNINGS) -Isrc -I. $(CFLAGS) $(SANITIZE)
CORE_LIBS = -ljansson -pthread
UI_LIBS   = -lncursesw -ltinfo -lreadline

# Every flavour (plain, sanitized) has its own folder of objects.
B        ?= build
SANITIZED = build/sanitized
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

CORE     := $(sort $(shell find src -name "*.c"))
UI       := $(sort $(shell find ui -name "*.c"))
TERMINAL := $(sort $(wildcard tests/terminal/*.c))
DEMO     := $(sort $(wildcard tests/demo/*.c))
UNITS    := $(sort $(wildcard tests/unit/test_*.c))
SUPPORT  := $(sort $(filter-out $(UNITS),$(wildcard tests/unit/*.c)))
BENCH    := $(sort $(wildcard tests/bench/*.c))

objects = $(patsubst %.c,$(B)/obj/%.o,$(1))

.PHONY: all demo guest test unit screens bench screenshots format lint install clean help packages
all: $(B)/ramwalk

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile
	@echo 'make unit | screens | check-guest   one part of the tests'
	@echo 'make screenshots                    draws screenshots/ anew from real sessions'
	@echo 'make format | lint                  clang-format, clang-tidy and the include rule'
	@echo 'make install [PREFIX=/usr/local]'

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC  $<'
	@$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/libramwalk.a: $(call objects,$(CORE))
	@rm -f $@ && $(AR) rcs $@ $^

$(B)/ramwalk: $(call objects,$(UI)) $(B)/libramwalk.a
	@echo '  LD  $@'
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) $(UI_LIBS)

# --- the demo image and the real guest -----------------------------------------------------------

DEMO_IMAGE = build/demo.ram

$(B)/seed-image: $(call objects,$(DEMO))
	@echo '  LD  $@'
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(DEMO_IMAGE): $(B)/seed-image tests/demo/page-tables.txt
	$(B)/seed-image tests/demo/page-tables.txt $@

demo:
	@tests/packages build
	@$(MAKE) --no-print-directory all $(DEMO_IMAGE)
	$(B)/ramwalk $(DEMO_IMAGE)

guest:
	@tests/packages build guest
	@$(MAKE) --no-print-directory all
	tests/guest/fetch
	tests/guest/boot
	@echo 'The guest goes on running; tests/guest/stop ends it.'
	$(B)/ramwalk build/guest/run/ram

# --- tests ----------------------------------------------------------------------------------------

test:
	@tests/packages build test guest
	tests/run

unit: $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNITS))

$(B)/unit/%: $(B)/obj/tests/unit/%.o $(call objects,$(SUPPORT)) \
             $(call objects,$(filter-out ui/main.c,$(UI))) $(B)/libramwalk.a
	@mkdir -p $(@D)
	@echo '  LD  $@'
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(CORE_LIBS) $(UI_LIBS)

screens: $(B)/screens
$(B)/screens: $(call objects,$(TERMINAL))
	@echo '  LD  $@'
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lvterm

sanitized:
	@$(MAKE) --no-print-directory B=$(SANITIZED) SANITIZE='$(SANITIZERS)' CFLAGS='-O1 -g' all unit

screenshots: all $(B)/screens $(DEMO_IMAGE)
	RAMWALK=$(B)/ramwalk IMAGE=$(DEMO_IMAGE) $(B)/screens --svg screenshots \
	    tests/screenshots/*.screen
	@guest=$${GUEST:-build/guest/run/ram}; if [ -r "$$guest" ]; then \
	    RAMWALK=$(B)/ramwalk GUEST=$$guest $(B)/screens --svg screenshots tests/screenshots/linux; \
	else echo 'Pictures of a real guest: tests/guest/boot first.'; fi

$(B)/bench: $(call objects,$(BENCH)) \
            $(call objects,$(addprefix tests/terminal/,terminal.c terminal_screen.c supervisor.c \
            dialect.c keys.c)) $(B)/libramwalk.a
	@echo '  LD  $@'
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lvterm $(CORE_LIBS)

# The same guest in a file of 1 TiB: it must open as fast.
$(DEMO_IMAGE).1T: $(B)/seed-image tests/demo/page-tables.txt
	$(B)/seed-image --size 1T tests/demo/page-tables.txt $@

# A real guest's figures too, where one was booted (make guest) or GUEST names its RAM.
GUEST_OF_BENCH = guest=$${GUEST:-build/guest/run/ram}; [ ! -r "$$guest" ] || export GUEST="$$guest";

bench: all $(B)/bench $(DEMO_IMAGE) $(DEMO_IMAGE).1T
	@$(GUEST_OF_BENCH) $(B)/bench $(B)/ramwalk $(DEMO_IMAGE)

# --- keeping it tidy ------------------------------------------------------------------------------

SOURCES = $(shell git ls-files '*.c' '*.h')

format:
	clang-format -i $(SOURCES)

lint:
	clang-format --dry-run -Werror $(SOURCES)
	tests/lint-includes
	clang-tidy --quiet $(CORE) $(UI) -- -std=c11 -D_GNU_SOURCE -Isrc -I.

PREFIX ?= /usr/local
install: all
	install -D -m 755 $(B)/ramwalk $(DESTDIR)$(PREFIX)/bin/ramwalk

clean:
	rm -rf build

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
