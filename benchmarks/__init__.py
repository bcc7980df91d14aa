"""Measurements, each a module with `run()`; `make bench` runs them all, `make bench ARGS="name …"` the named ones."""
