"""Figures anyone can reproduce with one command each."""
