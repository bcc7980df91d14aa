"""A partnership, for those who coordinate it: who has come how far, and nobody's answers."""
