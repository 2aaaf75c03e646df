"""What search compares: the terms of a text, the terms of a question, snippets, spelling.

Pure: text in, values out. No Django, no clock, no settings. docs/decisions/0012-search-index.md
says why the terms are made here and not by the database.
"""
