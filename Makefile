# Aliases; each target is one command that also works by itself.
.PHONY: help demo test lint format bench fresh
help:    ## This list
	@sed -n 's/^\([a-z]*\): *## /  make \1\t/p' $(MAKEFILE_LIST)
demo:    ## A real agent's trace, interpreted, from nothing
	./scripts/demo
test:    ## Everything that must hold
	./scripts/test
lint:    ## Layers, style, ruff, pyright, clang-tidy
	./scripts/lint
format:  ## Formats C++ and Python
	./scripts/format
bench:   ## Measures the way of one trace
	./bench/run
fresh:   ## Both README commands on a fresh Debian (root)
	./scripts/fresh
