"""A partnership together: its report, meeting and plan. For partners who have submitted, and coordinators."""
