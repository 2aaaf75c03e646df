"""Make and check the proof of an adoption.

Manifest, signed envelope, ZIP and verify script. Pure Python, no Django. docs/develop/adoption-
proof.md defines the formats.
"""
