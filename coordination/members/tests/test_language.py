"""The language of a person: of the pages and of the mails."""
