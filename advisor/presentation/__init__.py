"""Words and pictures that the screens, the command line and the documents share."""
