"""Reading failures: encoder, features, classifier."""
