"""Pages of the statements domain: one address per view of a statement; links, not modes."""
