"""The native plan: groups of chains over one source in C++, compiled once for the machine it runs on."""
