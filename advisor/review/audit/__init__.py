"""The audit trail for people: followed, proved, shown, and taken away."""
