"""Looks into files that people upload: bytes in, a verdict out.

Pure: nothing is written, no program of the file runs. `refusals.FileFault` says why a file is refused.
"""
