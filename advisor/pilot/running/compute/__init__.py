"""The process that computes for a worker: orders in, answers and measurements out."""
