"""What Streamlit screens share: session, fields, widgets, and what the server adds around them."""

__all__ = [
    "account",
    "assessing",
    "dossier",
    "identity",
    "library",
    "middleware",
    "navigation",
    "pilots",
    "proposal",
    "review",
    "saved_field",
    "screens",
    "session",
    "widgets",
]
