"""Queries of the statements domain."""
