"""Reviews in the database: people, decisions, conditions, messages, and the queue's statements."""
