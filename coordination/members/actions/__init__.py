"""What people do in the members domain."""
