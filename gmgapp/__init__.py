"""The project: settings, addresses, processes. Nothing of the domain."""
