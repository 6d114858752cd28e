"""graph/selection."""
