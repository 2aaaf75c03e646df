"""Run the measurement of the pages."""

from bench.pages.run import main

main()
