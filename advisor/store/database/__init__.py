"""Connections, transactions, statements that both databases share, and the trail's rows."""
