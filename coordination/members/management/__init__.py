"""Commands of the members domain."""
