"""Fixtures of every test."""

pytest_plugins = ["coordination.tests.plugin", "coordination.tests.cast"]
