"""Matching beside its peers, in one run: on our own content, and on the question sets in `BENCH_DATA`."""
