"""What people do in the members domain; each state change is one function."""
