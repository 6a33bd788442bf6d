"""Who may decide what on which version; decisions, approvals, and the gate."""
