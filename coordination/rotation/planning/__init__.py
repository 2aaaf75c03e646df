"""Plan who chairs next, and balance what agencies carried.

Pure: days in, plans out.
"""
