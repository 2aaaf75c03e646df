"""What commands do across the domains.

Load reference data, tell the demonstration's story, back up and restore.
"""
