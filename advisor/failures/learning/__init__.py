"""What people's corrections teach the classifier, tried before it is used."""
