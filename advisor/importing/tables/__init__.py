"""Rows before anybody knows what they mean: cells, columns, their roles, dates."""
