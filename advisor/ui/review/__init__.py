"""Parts of the screens around review: the owner's form, queue, records, trail, people."""
