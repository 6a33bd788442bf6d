"""What a classified log comes to: shares with intervals, groups, and how they moved over time."""
