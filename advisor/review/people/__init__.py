"""Who there is, what they may be, how they sign in, and the tokens of their programs."""
