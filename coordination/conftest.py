"""Fixtures of every test."""

pytest_plugins = ["coordination.tests.cast"]
