"""Reads of the rotation: terms, chairs, vacancies, handovers."""
