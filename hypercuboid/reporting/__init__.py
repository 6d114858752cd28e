"""Reports of runs: what run folders hold, read with care, as sections of one page."""
