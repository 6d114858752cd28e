"""Programs and files of people who wish us ill, and a process of its own in which each of them is tried."""
