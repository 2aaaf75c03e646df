"""Terms of texts and questions, snippets and spelling.

Search compares them. Pure: text in, values out. No Django, no clock, no settings.
docs/decisions/0012-search-index.md says why the terms are made here and not by the database.
"""
