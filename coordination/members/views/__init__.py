"""Pages of the members domain."""
