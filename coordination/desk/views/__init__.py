"""Pages that read across the domains."""

from coordination.desk.views.pages import desk, find, health, home

__all__ = ["desk", "find", "health", "home"]
