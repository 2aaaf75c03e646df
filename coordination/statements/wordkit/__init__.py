"""Word files: tracked changes read and written, adopted texts. Pure Python, no Django.

A web process loads it only when somebody needs a Word file: lxml takes memory.
"""
