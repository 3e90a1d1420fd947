# The two commands of the README are `make run` and `make test`; both install what is missing and build first.
# Meson does the building: this file only says which directory holds what.
#
#   build/        what `make` leaves: build/postern, fully optimized. Debug information is kept, for it costs no speed
#                 and makes the report of a crash readable; `make install` leaves it out.
#   build-NAME/   made by scripts/test, scripts/fuzz and the like; safe to remove
#
#   PREFIX        where `make install` puts the program, its manual pages and the systemd unit (/usr/local)
#   DESTDIR       in front of that, for packages

PREFIX ?= /usr/local

.PHONY: build install run test suites bench eval model fuzz format clean deps

build: deps
	@test -f build/build.ninja || meson setup build --buildtype=release -Ddebug=true
	ninja -C build programs

install: build
	meson configure build -Dprefix='$(PREFIX)'
	ninja -C build programs
	DESTDIR='$(abspath $(DESTDIR))' meson install -C build --no-rebuild --strip --quiet
	@echo 'installed below $(DESTDIR)$(PREFIX); postern(8) says how to begin'

run: build
	scripts/run

test:
	scripts/deps build test
	scripts/test

suites:
	scripts/deps build test
	scripts/test suites

deps:
	@scripts/deps build

bench: build
	scripts/deps bench
	bench/run

eval: build
	scripts/deps eval
	eval/run --masked --peers
	eval/run --cost

model: build
	scripts/deps eval
	eval/model

fuzz:
	scripts/deps build fuzz
	scripts/fuzz

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

clean:
	rm -rf build build-* tests/system/node_modules
