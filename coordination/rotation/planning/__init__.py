"""Who chairs next, and what each agency has carried. Pure: days in, plans out."""
