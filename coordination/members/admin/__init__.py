"""Agencies, people and accounts in the admin."""

from coordination.members.admin import people, protection, records

__all__ = ["people", "protection", "records"]
