"""Looks into files that people upload: bytes in, a verdict out.

Pure: nothing is written, and no program in the file runs. `refusals.FileFault` says why a file is
refused.
"""
