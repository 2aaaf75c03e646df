"""Reads of the members domain: who belongs, who is who, as of a day."""
