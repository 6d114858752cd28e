"""Data sets by name, one file each; `base.load_data` finds them."""
