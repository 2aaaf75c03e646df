"""Reads of the statements domain: texts, what was proposed, what was said, what is asked."""
