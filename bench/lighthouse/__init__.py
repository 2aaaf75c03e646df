"""How quickly a phone shows the largest pages."""
