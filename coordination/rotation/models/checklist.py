"""Mark the words of the delivered checklist for translation."""

from django.utils.translation import gettext_noop as _noop

# Titles and details of the checklist in fixtures/checklist.json, for the catalogues of languages.
# An item stores the English words; what people changed is shown as they wrote it.
CHECKLIST_WORDS = (
    _noop("State of play on one page"),
    _noop("What runs, what waits, what is promised, and to whom."),
    _noop("Open statements, with positions and who is waited for"),
    _noop("Each draft in circulation, its deadline, and the agencies that have not spoken."),
    _noop("Requests and commitments to outside partners"),
    _noop("What the group has promised to others, by when, and who holds the pen."),
    _noop("List of focal points and principals checked"),
    _noop("Each agency has confirmed its two to four focal points and its principal."),
    _noop("Hand over the minutes of the term’s meetings"),
    _noop("Adopted minutes, and those that still wait for corrections."),
    _noop("Open action items with their owners"),
    _noop("Each has an agency, a date, and a word on where it stands."),
    _noop("Give access to the web site and the mailing lists"),
    _noop("Name the keys and their holders; passwords are not kept here."),
    _noop("Move the document archive"),
    _noop("Where papers of past terms lie, and who may read them."),
    _noop("Calendar of the coming six months"),
    _noop("Meetings, external events, deadlines that are fixed already."),
    _noop("Account for funds and contributions of the term"),
    _noop("What agencies bore in money and staff days; the group has no budget of its own."),
    _noop("Write lessons of the term"),
    _noop("What worked, what did not, what to do otherwise: one page for the next chair."),
    _noop("Name the chair’s team"),
    _noop("Two to four people, with a deputy for leave."),
    _noop("Read the lessons of the last three chairs"),
    _noop("Confirm who co-chairs each working group"),
    _noop("Ask the present co-chairs whether they go on."),
    _noop("Joint meeting of both teams"),
    _noop("Go through the dossier together, line by line."),
    _noop("Convene the first meeting of the term"),
    _noop("Propose two hours that spare each city in turn."),
    _noop("Confirm the theme of the term"),
    _noop("Before the principals’ meeting, where there is one."),
    _noop("Write to the principals in the name of the new chair"),
    _noop("Introduce the team, the theme and the dates."),
)
