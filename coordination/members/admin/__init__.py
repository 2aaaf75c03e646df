"""Agencies, people and accounts in the admin, for the administrators who keep the records."""

from coordination.members.admin import people, protection, records

__all__ = ["people", "protection", "records"]
