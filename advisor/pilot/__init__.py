"""Probe and pilot: find out by trying, on the team's own cases."""
