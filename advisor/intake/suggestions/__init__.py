"""Reading a draft's words: what they already answer, and the sentence each answer rests on."""
