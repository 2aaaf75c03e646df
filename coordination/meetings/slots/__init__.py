"""Hours for a meeting, judged by the clocks of all who sit in it. Pure Python, no Django."""
