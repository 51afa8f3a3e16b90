"""Benchmarks: `make bench` prints tables and writes them, with plots, to bench/results/.

Figures of one run are compared with each other, never with a number from another machine.
"""
