"""Parts of the screens of the library: rules, logs, what was learned."""
