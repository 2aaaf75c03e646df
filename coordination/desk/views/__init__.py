"""Pages that read across the domains."""
