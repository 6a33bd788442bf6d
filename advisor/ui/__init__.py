"""What Streamlit screens share: session, fields, widgets, and what the server adds around them."""
