# SPDX-License-Identifier: GPL-3.0-or-later
# make          build/ramwalk, with the libraries that are installed
# make install  puts it into PREFIX (/usr/local), below DESTDIR where that is given; uninstall
# make deb      a Debian package of this tree, in build/deb
# make deps     installs the Debian packages that the build needs; make and make install never do
# make demo     installs what is missing, makes the demo image and opens it
# make test     installs what is missing and runs every test
# make guest    boots a real arm64 Linux and browses it live
# make bench    the figures, beside their limits
# make help     the rest

PREFIX     ?= /usr/local
CFLAGS     ?= -O2 -g
PKG_CONFIG ?= pkg-config
# Every flavour (plain, sanitized, of another compiler) has its own folder.
B          ?= build
# Developers and CI set WERROR=1, in the environment or as an argument. No stamp below holds it:
# make and tests/run share objects.
WERROR     ?=
WARNINGS    = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
              -Wmissing-prototypes -Wformat=2 -Wvla

# What pkg-config knows of a library, else the library itself.
cflags = $(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null)
libs   = $(or $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null),$(2))
CORE_LIBS  := $(call libs,jansson,-ljansson) -pthread
UI_LIBS    := $(call libs,ncursesw,-lncursesw -ltinfo) $(call libs,readline,-lreadline)
UNIT_LIBS  := $(call libs,cmocka,-lcmocka)
VTERM_LIBS := $(call libs,vterm,-lvterm)
LIB_CFLAGS := $(foreach name,jansson ncursesw readline cmocka vterm,$(call cflags,$(name)))

LANGUAGE = -std=c11 -D_GNU_SOURCE -Isrc -I. $(LIB_CFLAGS)
COMPILE  = $(CC) $(LANGUAGE) $(WARNINGS) $(HARDEN) $(CFLAGS) $(FORTIFY) $(SANITIZE) $(CPPFLAGS)
LINK     = $(CC) $(WARNINGS) $(HARDEN) $(CFLAGS) $(SANITIZE) $(HARDEN_LINK) $(LDFLAGS)
FATAL    = $(if $(filter-out 0,$(WERROR)),-Werror)

# What distributions ask of a program that reads hostile bytes; `HARDEN= HARDEN_LINK= FORTIFY=`
# takes it away. The checks of _FORTIFY_SOURCE need an optimiser, and hide what sanitizers look for.
HARDEN      = -fstack-protector-strong -fstack-clash-protection -fPIE -Werror=format-security
HARDEN_LINK = -pie -Wl,-z,relro -Wl,-z,now
FORTIFY     = $(if $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,$(if \
                $(filter-out -O0,$(filter -O%,$(CFLAGS))),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))

# V=1: commands as they run, instead of a word and a file.
QUIET = $(if $(filter-out 0,$(V)),,@)
say   = $(if $(filter-out 0,$(V)),@:,@echo '  $(1)')

# The version: a tag and what came after it, or the release in ui/version.txt and the commit; in a
# tree without git the release alone.
RELEASE := $(file <ui/version.txt)
COMMIT  := $(if $(wildcard .git),$(shell git -c safe.directory='$(CURDIR)' describe --tags \
             --match 'v[0-9]*' --always --dirty=.dirty 2>/dev/null))
VERSION := $(patsubst v%,%,$(or $(filter v%,$(COMMIT)),$(RELEASE)$(COMMIT:%=+%)))

# Sources at any depth; the programs that run in the guest are built by tests/guest.
sources   = $(sort $(shell find $(1) -name '$(2)'))
ALL      := $(filter-out tests/guest/%,$(call sources,src ui tests,*.c))
CORE     := $(filter src/%,$(ALL))
UI       := $(filter ui/%,$(ALL))
TERMINAL := $(filter tests/terminal/%,$(ALL))
DEMO     := $(filter tests/demo/%,$(ALL))
BENCH    := $(filter tests/bench/%,$(ALL))
MMU      := $(filter tests/mmu/%,$(ALL))
KEYS     := $(filter tests/keys/%,$(ALL))
UNITS    := $(call sources,tests/unit,test_*.c)
FUZZ     := $(filter tests/fuzz/%,$(ALL))
SUPPORT  := $(filter-out $(UNITS),$(filter tests/unit/%,$(ALL))) \
            $(filter-out tests/fuzz/libfuzzer.c,$(FUZZ))

objects = $(patsubst %.c,$(B)/obj/%.o,$(1))
inputs  = $(filter %.o %.a,$^)

.SECONDARY:
.PHONY: all manual install uninstall deb deps demo guest test unit screens sanitized tsan bench keys screenshots format lint \
        lint-format lint-includes lint-scripts lint-code clean help version force
all: $(B)/ramwalk

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile
	@echo 'tests/run PART ...                  some of the tests: build, make, lint, unit, mmu, batch, screens, guest'
	@echo 'make sanitized | tsan               program and unit tests with sanitizers'
	@echo 'make mmu [SEED=1] [COUNT=40]        random page tables, walked by QEMU and by ramwalk'
	@echo 'make fuzz [TARGET=] [TIME=60 | RUNS=] | damage   fuzz targets; damaged snapshots of guests'
	@echo 'make screenshots                    draws screenshots/ anew from real sessions'
	@echo 'make format | lint                  clang-format; with clang-tidy, shellcheck, include rule'
	@echo 'make install [PREFIX=/usr/local] [DESTDIR=]'
	@echo 'make deps [DEPS="build test guest"]'
	@echo 'make [CC= CFLAGS= CPPFLAGS= LDFLAGS= SANITIZE= B=build] [WERROR=1: warnings are errors]'
	@echo 'make [V=1: commands as they run] [HARDEN= HARDEN_LINK= FORTIFY=: no hardening]'

version:
	@echo '$(VERSION)'

# --- objects and the program ----------------------------------------------------------------------

# What was made with other flags, or of other files, is made again: each stamp is written where its
# words differ from those of the last time.
$(B)/compile.flags: export WORDS = $(COMPILE)
$(B)/link.flags:    export WORDS = $(LINK) $(CORE_LIBS) $(UI_LIBS) $(UNIT_LIBS) $(VTERM_LIBS) $(ALL)
$(B)/version.flags: export WORDS = $(VERSION)
$(B)/%.flags: force
	@mkdir -p $(@D)
	@printf '%s\n' "$$WORDS" | cmp -s - $@ || printf '%s\n' "$$WORDS" >$@

$(B)/obj/%.o: %.c $(B)/compile.flags
	@mkdir -p $(@D)
	$(call say,CC  $<)
	$(QUIET)$(COMPILE) $(DEFINE) $(FATAL) -MMD -MP -c -o $@ $<

$(B)/obj/ui/main.o: $(B)/version.flags
$(B)/obj/ui/main.o: DEFINE = -DRAMWALK_VERSION='"$(VERSION)"'

$(B)/libramwalk.a: $(call objects,$(CORE)) $(B)/link.flags
	@rm -f $@
	$(QUIET)$(AR) rcs $@ $(inputs)

define link
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(QUIET)$(LINK) $(FATAL) -o $@ $(inputs) $(1)
endef

$(B)/ramwalk: $(call objects,$(UI)) $(B)/libramwalk.a $(B)/link.flags
	$(call link,$(CORE_LIBS) $(UI_LIBS))

# The manual page and the completions come out of the program's own tables; who builds for another
# machine names a ramwalk of this one.
GENERATOR ?= $(B)/ramwalk
GENERATED  = $(addprefix $(B)/manual/,man bash zsh fish)
$(GENERATED): $(B)/manual/%: $(B)/ramwalk
	@mkdir -p $(@D)
	$(QUIET)$(GENERATOR) --generate $* >$@.new && mv $@.new $@

# What is installed: a mode, a file and its place for each.
MANDIR  ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
INSTALLED = 755:$(B)/ramwalk:$(PREFIX)/bin/ramwalk 644:$(B)/manual/man:$(MANDIR)/man1/ramwalk.1 \
            644:$(B)/manual/bash:$(BASHDIR)/ramwalk 644:$(B)/manual/zsh:$(ZSHDIR)/_ramwalk \
            644:$(B)/manual/fish:$(FISHDIR)/ramwalk.fish

manual: $(GENERATED)

install: all manual
	$(foreach file,$(INSTALLED),$(call install_one,$(subst :, ,$(file))))

define install_one
install -D -m $(word 1,$(1)) $(word 2,$(1)) $(DESTDIR)$(word 3,$(1))

endef

uninstall:
	rm -f $(foreach file,$(INSTALLED),$(DESTDIR)$(lastword $(subst :, ,$(file))))

deb:
	@tests/packages build deb
	tests/debian/build build/deb

# Parts of the work whose packages are wanted: build, test, guest.
DEPS ?= build
deps:
	tests/packages $(DEPS)

# --- the demo image and the real guest ------------------------------------------------------------

DEMO_IMAGE = build/demo.ram

$(B)/seed-image: $(call objects,$(DEMO)) $(B)/link.flags
	$(call link)

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
	@tests/packages build test guest deb
	tests/run

unit: $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNITS))

$(B)/unit/%: $(B)/obj/tests/unit/%.o $(call objects,$(SUPPORT)) \
             $(call objects,$(filter-out ui/main.c,$(UI))) $(B)/libramwalk.a $(B)/link.flags
	$(call link,$(UNIT_LIBS) $(CORE_LIBS) $(UI_LIBS))

# Its allocations are led to functions of the test, which fail.
$(B)/unit/test_short_memory: private LDFLAGS += \
    $(addprefix -Wl$(comma)--wrap=,malloc calloc realloc strdup)
comma = ,

# --- fuzzing: libFuzzer, which clang has ---

# TARGET: one of tests/fuzz or all; TIME in seconds, or RUNS, of each. What it finds lies in
# build/fuzz/corpus/NAME; an input that breaks a promise or takes too long in build/fuzz.
TARGETS = $(sort $(notdir $(wildcard tests/fuzz/corpus/*)))
TARGET  = $(TARGETS)
TIME    = 60
RUNS    = -1
# Those that take some milliseconds an input get a tenth of the runs.
SLOW    = kallsyms modules pages paging tasks
FUZZED  = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
          -fno-omit-frame-pointer

.PHONY: fuzz fuzz-program fuzz-targets
fuzz:
	@$(MAKE) --no-print-directory B=build/fuzz CC='$(if $(findstring clang,$(CC)),$(CC),clang)' \
	    SANITIZE='$(FUZZED)' CFLAGS='-O1 -g -Wno-missing-field-initializers' fuzz-program
	@$(MAKE) --no-print-directory fuzz-targets

fuzz-program: $(B)/fuzz
fuzz-targets: $(TARGET:%=fuzz-%)

$(B)/fuzz: $(call objects,$(FUZZ) $(SUPPORT)) $(call objects,$(filter-out ui/main.c,$(UI))) \
           $(B)/libramwalk.a $(B)/link.flags
	$(call link,-fsanitize=fuzzer $(UNIT_LIBS) $(CORE_LIBS) $(UI_LIBS))

# The limit of an input is CPU (tests/fuzz/fuzz.c); -timeout is the clock's, for what sleeps.
fuzz-%:
	@mkdir -p build/fuzz/corpus/$*
	$(call say,FUZZ $*)
	$(QUIET)FUZZ_TARGET=$* build/fuzz/fuzz -seed=1 -timeout=60 -rss_limit_mb=1024 -max_len=65536 \
	    -verbosity=0 -print_final_stats=1 -artifact_prefix=build/fuzz/$*- \
	    $(if $(filter -1,$(RUNS)),-max_total_time=$(TIME),-runs=$$(($(RUNS) $(if $(filter $*,$(SLOW)),/ 10)))) \
	    $(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) \
	    build/fuzz/corpus/$* tests/fuzz/corpus/$*

# --- what a real MMU says of random page tables: SEED, and COUNT sets of them for each mode ---

SEED  = 1
COUNT = 40
.PHONY: mmu
mmu: $(B)/mmu
	MMU=$(B)/mmu tests/mmu/run $(SEED) $(COUNT)

$(B)/mmu: $(call objects,$(MMU)) $(B)/libramwalk.a $(B)/link.flags
	$(call link,$(CORE_LIBS) -laddrxlat)

screens: $(B)/screens
$(B)/screens: $(call objects,$(TERMINAL)) $(B)/link.flags
	$(call link,$(VTERM_LIBS))

SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

sanitized:
	@$(MAKE) --no-print-directory B=build/sanitized SANITIZE='$(SANITIZERS)' CFLAGS='-O1 -g' all unit

tsan:
	@$(MAKE) --no-print-directory B=build/tsan SANITIZE=-fsanitize=thread CFLAGS='-O1 -g' all unit

screenshots: all $(B)/screens $(DEMO_IMAGE)
	RAMWALK=$(B)/ramwalk IMAGE=$(DEMO_IMAGE) $(B)/screens --svg screenshots \
	    tests/screenshots/*.screen
	@guest=$${GUEST:-build/guest/run/ram}; if [ -r "$$guest" ]; then \
	    RAMWALK=$(B)/ramwalk GUEST=$$guest $(B)/screens --svg screenshots tests/screenshots/linux; \
	else echo 'Pictures of a real guest: tests/guest/boot first.'; fi

$(B)/bench: $(call objects,$(BENCH)) \
            $(call objects,$(addprefix tests/terminal/,terminal.c terminal_screen.c supervisor.c \
            dialect.c keys.c)) $(B)/libramwalk.a $(B)/link.flags
	$(call link,$(VTERM_LIBS) $(CORE_LIBS))

# Random keys on a guest that changes: tests/keys/main.c tells the options; KEYS_OF='-s SEED ...'.
$(B)/keys: $(call objects,$(filter-out %/turns.c,$(KEYS))) \
           $(call objects,$(addprefix tests/terminal/,terminal.c terminal_screen.c supervisor.c \
           dialect.c keys.c)) $(B)/libramwalk.a $(B)/link.flags
	$(call link,$(VTERM_LIBS))

$(B)/keys-turns.so: tests/keys/turns.c tests/keys/turns.h $(B)/compile.flags
	$(call say,LD  $@)
	$(QUIET)$(CC) $(LANGUAGE) $(WARNINGS) -O2 $(FATAL) -fPIC -shared -o $@ $< -ldl

keys: all $(B)/keys $(B)/keys-turns.so $(DEMO_IMAGE)
	@$(GUEST_OF_BENCH) $(B)/keys $(KEYS_OF) $(B)/ramwalk "$${GUEST:-$(DEMO_IMAGE)}"

# The same guest in a file of 1 TiB: it must open as fast.
$(DEMO_IMAGE).1T: $(B)/seed-image tests/demo/page-tables.txt
	$(B)/seed-image --size 1T tests/demo/page-tables.txt $@

# A real guest's figures too, where GUEST names its RAM or one was booted (make guest).
GUEST_OF_BENCH = booted=build/guest/run/ram; \
                 [ -n "$$GUEST" ] || [ ! -r "$$booted" ] || export GUEST="$$booted";

bench: all $(B)/bench $(DEMO_IMAGE) $(DEMO_IMAGE).1T
	@$(GUEST_OF_BENCH) $(B)/bench $(B)/ramwalk $(DEMO_IMAGE)

# One-line mutants of the core that no unit test notices; MUTANTS='-s SEED -n COUNT FILE...'.
.PHONY: mutants
mutants:
	tests/mutate $(MUTANTS)

# Snapshots of guests with changed words, and every command on each; DAMAGE='-s SEED -n COUNT'.
DAMAGE = -n 1000
.PHONY: damage
damage: all
	tests/damage $(DAMAGE) $(wildcard $(RAMWALK_GUESTS)/*/ram.img)

# --- keeping it tidy ------------------------------------------------------------------------------

FORMATTED = $(call sources,src ui tests,*.[ch])
SCRIPTS   = $(sort $(shell grep -rlE '^\#!.*[/ ](ba|da)?sh$$' src ui tests .ci))

format:
	clang-format -i $(FORMATTED)

lint: lint-format lint-includes lint-scripts lint-code

lint-format:
	clang-format --dry-run -Werror $(FORMATTED)

lint-includes:
	tests/lint-includes
	tests/lint-loops

lint-scripts:
	shellcheck $(SCRIPTS)

# One process a file, so that -j spreads them. The object of a file is newer than whatever the file
# includes: only what changed is looked at again.
lint-code: $(patsubst %.c,$(B)/tidy/%,$(ALL))

$(B)/tidy/%: $(B)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	@echo '  TIDY $*.c'
	@clang-tidy --quiet $*.c -- $(LANGUAGE) $(CPPFLAGS) -DRAMWALK_VERSION='""'
	@touch $@

clean:
	rm -rf build

-include $(patsubst %.c,$(B)/obj/%.d,$(ALL))
