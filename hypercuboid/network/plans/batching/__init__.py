"""The batched plan: equal ops on different values run as one op on their channels, one after another."""
