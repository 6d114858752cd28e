"""What is done to training inputs, one file each; `base.read_augmentation` finds them by name."""
