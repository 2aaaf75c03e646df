"""How long a plan takes, and who chairs over forty years."""
