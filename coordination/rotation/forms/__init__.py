"""The forms of the rotation."""
