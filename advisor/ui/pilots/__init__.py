"""Parts of the screens of pilots."""
