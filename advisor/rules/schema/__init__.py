"""What policy owners may write, as strict records."""
