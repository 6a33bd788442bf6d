"""Relations between the parts of a failure, as numbers with a name each."""
