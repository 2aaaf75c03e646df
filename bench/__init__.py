"""Benchmarks: run side by side with their baseline, reported, never asserted."""
