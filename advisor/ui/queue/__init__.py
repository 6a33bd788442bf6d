"""Parts of the queue's screen."""
