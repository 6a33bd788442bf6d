"""Review: who may decide what on which version, and what stands now."""
