"""Act on statements: one function for each state change.

Every act locks the statement first.
"""
