"""The text engine: compares, merges and compiles texts. Pure.

- ``diff`` and ``apply`` are inverse; ``segments`` shows a difference.
- ``conflicts``, ``merge``, ``rebase`` and ``compile`` work on several proposals to one text.
- ``expand_rivals`` prepares conflicts for ``compile``.
- ``fold`` puts amendments into a whole draft; ``align`` compares a whole new text with a draft.
- ``balance`` counts words.
- ``recognise`` splits a pasted text into blocks; ``label`` numbers them.
- ``canonical`` and ``fingerprint`` fix the exact text that agencies approve.

docs/develop/textkit.md defines hunk, conflict and agreement.
"""
