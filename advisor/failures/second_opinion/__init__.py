"""A language model reads the failures too; its word has bounded weight."""
