"""Reads across the domains."""
