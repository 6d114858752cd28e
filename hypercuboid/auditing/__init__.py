"""Audits: whether a weighting prefers small alternatives, by paired searches and tests that are fixed in advance."""
