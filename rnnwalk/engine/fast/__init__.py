"""The fast forms, for training: all letters side by side, gates on top of each other, calls planned once."""
