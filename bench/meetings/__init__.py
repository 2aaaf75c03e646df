"""How long it takes to rank the hours of a meeting."""
