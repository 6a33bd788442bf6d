"""Reading a production log: failures of any number, a block at a time."""
