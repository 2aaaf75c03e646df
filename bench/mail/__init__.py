"""How fast reminders are planned and delivered."""
