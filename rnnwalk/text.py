"""Plain words for numbers: 4 symbols, 3×4, h₂."""
