"""The command line, a file a command; each function returns its exit code."""
