"""Parts of the screen with the groups of failures."""
