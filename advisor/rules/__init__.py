"""Declarative rules: schema, loading, checking, evaluation."""
