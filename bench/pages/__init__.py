"""How long the pages take, beside the floor of a plain view."""
