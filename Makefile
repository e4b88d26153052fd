.PHONY: run setup check test ci

run:
	bin/run

setup:
	bin/setup --tests

check:
	bin/check

test:
	bin/test

ci:
	.ci/run
