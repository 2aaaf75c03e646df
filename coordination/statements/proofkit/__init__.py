"""The proof of an adoption: manifest, signed envelope, ZIP, and the script that checks them.

Pure Python, no Django. docs/develop/adoption-proof.md defines the formats.
"""
