"""Guards: numbers that tell whether a search goes astray, and when to raise the alarm."""
