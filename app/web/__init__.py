"""Door 1: people. Routes by audience (`public`, `account`, `partner`, `central`), one page object a template."""
