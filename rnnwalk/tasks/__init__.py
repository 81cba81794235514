"""What is done with a model besides walking it: train, generate, check gradients, follow an error back."""
