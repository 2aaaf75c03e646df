"""The text engine: what changed between two texts, and what a text is made of.

Pure: text in, values out.

``diff`` and ``apply`` are inverse; ``segments`` shows a difference. ``conflicts``, ``merge``,
``rebase`` and ``compile`` are about what several propose to one text, ``rivals`` writes out what
collides, ``fold`` is about amendments to a whole draft, ``align`` about a whole new text;
``balance`` counts words. ``recognise`` takes a pasted text apart into blocks, ``label`` numbers
them; ``canonical`` and ``fingerprint`` fix the exact text that agencies approve. What a hunk, a
conflict, an agreement is: docs/develop/textkit.md.
"""
