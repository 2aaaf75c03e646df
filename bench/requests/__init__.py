"""Which Python files and templates a request touches."""
