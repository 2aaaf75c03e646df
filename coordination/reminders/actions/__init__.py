"""What is done with reminders: plan, deliver, try again, prefer."""
