"""What people do with statements; each state change is one function.

Every act locks the statement first.
"""
