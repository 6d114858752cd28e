"""Run folders: what a search or a training writes, and how it is read again."""
