"""Benchmarks: searches held against networks whose accuracy is known."""
