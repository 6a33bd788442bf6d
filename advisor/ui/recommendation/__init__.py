"""Parts of the recommendation's screen."""
