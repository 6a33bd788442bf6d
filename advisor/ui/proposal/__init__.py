"""Parts of a proposal's screens: beginning, failures, groups, questions, recommendation."""
