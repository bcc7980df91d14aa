"""The partner's journey: find an assessment, answer it, check it, submit it, read the report."""
