"""Documents rendered from one typed record."""
