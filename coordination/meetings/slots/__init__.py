"""Hours for a meeting, judged by everybody's clocks.

Pure Python, no Django.
"""
