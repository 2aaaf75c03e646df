"""Reads of the members domain, as of a day."""
