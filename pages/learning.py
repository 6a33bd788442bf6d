"""What the advisor learned."""
