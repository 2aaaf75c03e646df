"""Pages of the rotation."""
