"""Reads of the rotation: who chairs on a day, what is vacant, where a handover stands."""
