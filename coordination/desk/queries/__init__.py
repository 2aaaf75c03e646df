"""Reads across the domains."""

from coordination.desk.queries.board import Board, board
from coordination.desk.queries.search import Found, search

__all__ = ["Board", "Found", "board", "search"]
