"""A recorded pass over a word whose values have names, formulas and numbers."""
