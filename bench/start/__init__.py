"""How long ./run takes to its first answer."""
