"""Private servers that a test owns: it may kill, pause and restart them."""
