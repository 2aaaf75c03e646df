"""What people do with terms and handovers."""
