"""Other systems that use the API on behalf of people: which there are, and the tokens they have."""
