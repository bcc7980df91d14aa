"""People and invitations: of an organisation, of a partnership, and of everywhere."""
