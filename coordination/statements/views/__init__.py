"""Serve the pages of statements.

Each view of a statement has its own address.
"""
