"""Parts of the dossier's screen, in the order in which they are drawn."""
