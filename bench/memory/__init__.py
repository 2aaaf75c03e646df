"""How much memory the web server takes."""
