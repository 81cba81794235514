"""What a network reads and what it is: symbols, weights that fit each other, files of them, a problem."""
