"""What waits for a decision, for whom and how long, and what goes on by itself meanwhile."""
