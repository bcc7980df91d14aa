"""Door 1: people. Routes by audience, one page object a template.

`public`, `information`, `privacy`, `reference` for anybody; `account`, `invitations` for getting in; `partner` for
people of an organisation, `partnership` for its coordinators, `together` for all of a partnership, `people` for
whoever invites; `systems` for whoever lets other systems act for them; `central`, `releases` and `audit` for central
teams; `demonstration_mail`. The rest is what pages are made with.
"""
