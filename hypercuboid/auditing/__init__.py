"""Audits: whether a weighting prefers small alternatives, by paired searches and tests fixed before results are seen."""
