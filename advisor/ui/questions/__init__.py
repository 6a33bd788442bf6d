"""Parts of the screen with the questions."""
