# The two commands of the README are `make run` and `make test`; both install what is missing and build first.
# Meson does the building: this file only says which directory holds what.
#
#   build/        what `make build` leaves: build/postern
#   build-NAME/   made by scripts/test, scripts/fuzz and the like; safe to remove

.PHONY: run test suites build bench fuzz format clean deps

run: build
	scripts/run

test:
	scripts/deps build test
	scripts/test

suites:
	scripts/deps build test
	scripts/test suites

build: deps
	@test -f build/build.ninja || meson setup build
	ninja -C build postern

deps:
	@scripts/deps build

bench: build
	scripts/deps bench
	bench/run

fuzz:
	scripts/deps build fuzz
	scripts/fuzz

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

clean:
	rm -rf build build-* tests/system/node_modules
