"""Tables of damage to the sample files, and what is to be said of each."""

from typing import Final

from tests.catalogue.samples import BARRIERS, HERE, MIRROR

Case = tuple[dict[str, str], list[str]]
"""Pieces replaced, `HERE` where a fault is expected, and for each fault words that its message holds."""

QUESTIONNAIRE_CASES: Final[dict[str, Case]] = {
    # Shape
    "a key is missing": (
        {"      - id: money": f"      {HERE}- id: money", "        weight: 2\n": ""},
        ["sections[0].questions[1] (money): “weight” is missing; add weight: a number, zero or more"],
    ),
    "a key of the file is missing": (
        {"schema: 1\n": HERE + HERE, "title: What is asked\n": ""},
        ["“schema” is missing", "“title” is missing"],
    ),
    "a key is misspelt": (
        {"      - id: money": f"      {HERE}- id: money", "        weight: 2\n": f"        {HERE}wieght: 2\n"},
        ["“weight” is missing", "“wieght” is no key here; did you mean “weight”?"],
    ),
    "a key is unknown": (
        {"version: 1": f"version: 1\n{HERE}colour: red"},
        ["“colour” is no key here; choose one of schema,"],
    ),
    "a name of the code is no key": (
        {"schema: 1": f"{HERE}{HERE}schema_version: 1"},
        ["“schema_version” is no key here", "“schema” is missing"],
    ),
    "a list is empty": (
        {"sections:\n": f"sections: {HERE}[]\n{HERE}rest:\n"},
        ["“sections” has 0 of at least 1", "“rest” is no key"],
    ),
    "a section has no question": (
        {
            "second\n    enabler: two\n    title: The second section\n    questions:\n      - id: trust": (
                f"second\n    enabler: two\n    title: The second section\n    questions: {HERE}[]\n"
                f"  - id: third\n    enabler: two\n    title: The third section\n    questions:\n      - id: trust"
            )
        },
        ["sections[1] (second): “questions” has 0 of at least 1 entries; add to it"],
    ),
    "an id is no id": (
        {"id: money": f"id: {HERE}Money Matters"},
        ["“id” is “Money Matters”, which is no id; use small letters"],
    ),
    "an id is a number": ({"id: money": f"id: {HERE}12"}, ["“id” must be a text, not the number 12; put quotes"]),
    "an id is too long": ({"id: money": f"id: {HERE}{'m' * 81}"}, ["“id” is longer than 80 characters"]),
    "a version is a text": (
        {"version: 1": f'version: {HERE}"1"'},
        ["“version” must be a whole number, such as 1, not “1”"],
    ),
    "a version is not whole": ({"version: 1": f"version: {HERE}1.0"}, ["“version” must be a whole number"]),
    "a version is true": (
        {"version: 1": f"version: {HERE}true"},
        ["“version” must be a whole number, such as 1, not true"],
    ),
    "a version is zero": ({"version: 1": f"version: {HERE}0"}, ["“version” is 0; it must be at least 1"]),
    "a schema is unknown": ({"schema: 1": f"schema: {HERE}2"}, ["“schema” is 2; it must be at most 1"]),
    "a meaning is zero": ({"meaning: 1": f"meaning: {HERE}0"}, ["“meaning” is 0; it must be at least 1"]),
    "a weight is negative": ({"weight: 1.5": f"weight: {HERE}-0.5"}, ["“weight” is -0.5; it must be at least 0"]),
    "a weight is a text": ({"weight: 1.5": f'weight: {HERE}"1.5"'}, ["“weight” must be a number, such as 2 or 0.5"]),
    "a weight is empty": ({"weight: 1.5": f"weight:{HERE}"}, ["“weight” must be a number"]),
    "a weight is infinite": ({"weight: 1.5": f"weight: {HERE}.inf"}, ["“.inf” is not a finite number"]),
    "a weight is no number": ({"weight: 1.5": f"weight: {HERE}.nan"}, ["“.nan” is not a finite number"]),
    "a weight is endless": ({"weight: 1.5": f"weight: {HERE}0.{'3' * 16}"}, ["has more than 15 digits; round it"]),
    "a weight is astronomic": ({"weight: 1.5": f"weight: {HERE}1e999999999"}, ["is too long a number"]),
    "yes is no truth value": (
        {"critical: true": f"critical: {HERE}yes"},
        ["“critical” must be true or false, not “yes”"],
    ),
    "an audience is unknown": (
        {"audience: local-partner": f"audience: {HERE}everyone"},
        ["“audience” is “everyone”; it must be 'local-partner' or 'department'"],
    ),
    "a text is blank": ({"text: Is there money?": f'text: {HERE}" "'}, ["“text” is blank; write the words"]),
    "a text is a number": ({"text: Is there money?": f"text: {HERE}12"}, ["“text” must be a text, not the number 12"]),
    "a text is a list": ({"text: Is there money?": f"text: {HERE}[a]"}, ["“text” must be a text, not a list"]),
    "a language is no code": (
        {"text: Is there money?": f"text:\n          en: Is there money?\n          {HERE}Welsh: Oes arian?"},
        ["“Welsh” has a language that is not a code such as en or cy"],
    ),
    "a translation is blank": (
        {"text: Is there money?": f"text:\n          en: >-\n            Is\n            it?\n          cy: {HERE}''"},
        ["“cy” is blank"],
    ),
    "a list is a text": ({"serves: [L1]": f"serves: {HERE}L1"}, ["“serves” must be a list, not “L1”"]),
    "an entry is blank": (
        {"serves: [L1]": f"serves: [L1, {HERE}'']"},
        ["“serves[1]” is blank; write it, or remove it"],
    ),
    "a mapping is a text": (
        {"when: {question: picture, at_least: some}": f"when: {HERE}picture"},
        ["must be a mapping of keys"],
    ),
    "a question is a text": (
        {"      - id: trust": f"      - {HERE}trusted\n      - id: trust"},
        ["“questions[0]” must be a mapping"],
    ),
    "descriptors are a list": (
        {"descriptors: {disagree: There is none, agree: There is some}": f"descriptors: {HERE}[a, b]"},
        ["“descriptors” must be a mapping of keys to values, not a list"],
    ),
    # Refused by the reader
    "a key is repeated": (
        {
            "        weight: 2\n": f"        weight: 2\n        text: Money?\n        {HERE}weight: 3\n",
            "text: Is there money?\n": "hint: H\n",
        },
        ["the key “weight” stands on line 33 already; keep one"],
    ),
    "an anchor": (
        {"text: Is there money?": f"text: {HERE}&words Is there money?"},
        ["“&words” is an anchor, which is refused"],
    ),
    "an alias": (
        {"text: Is there money?": f"text: {HERE}*words"},
        ["“*words” is an alias, which is refused; write the value out"],
    ),
    "a tag": ({"text: Is there money?": f"text: {HERE}!!str 12"}, ["is a tag, which is refused; remove it"]),
    "a merge key": (
        {"        text: Is there money?": f"        {HERE}<<: {{hint: H}}"},
        ["“<<” is a merge key, which is refused"],
    ),
    "a key that is a number": ({"version: 1": f"version: 1\n{HERE}12: a"}, ["the key “12” is not a text"]),
    "a key that is a list": ({"version: 1": f"version: 1\n? {HERE}[a]\n: b"}, ["a list is no key; use a word"]),
    "a key that is nothing": ({"version: 1": f"version: 1\n{HERE}? \n: b"}, ["the key “” is not a text; use a word"]),
    "a second document": ({"  - id: second": f"{HERE}---\n  - id: second"}, ["a second document starts here"]),
    "a control character": ({"Is there money?": f"Is there{HERE}\x07 money?"}, ["holds the character U+0007"]),
    "NUL": ({"Is there money?": f"Is there{HERE}\0 money?"}, ["holds the character U+0000"]),
    "the escape of a control character": (
        {"text: Is there money?": f'text: {HERE}"a\\0b"'},
        ["the escape of a control character"],
    ),
    "too deep": (
        {"hint: 'Think of the last year'": f"hint: {HERE}{HERE}{'[' * 37}{']' * 37}"},
        ["must be a text, not a list", "nested more than 40 levels deep"],
    ),
    # References
    "another framework": (
        {"framework: small": f"framework: {HERE}large"},
        ["“framework” is “large”, but the framework.yaml beside"],
    ),
    "a framework that is no id": (
        {"framework: small": f"framework: {HERE}3"},
        ["“framework” must be the id of the framework, not 3"],
    ),
    "an unknown enabler": (
        {"enabler: two": f"enabler: {HERE}tow"},
        ["“tow” is no enabler of the framework; did you mean “two”?"],
    ),
    "a section's id twice": (
        {"id: second": f"id: {HERE}first"},
        ["“first” stands among the sections already, on line 9"],
    ),
    "a question's id twice": (
        {"id: trust": f"id: {HERE}picture"},
        ["“picture” stands among the questions already, on line 13"],
    ),
    "an unknown scale": (
        {"scale: maturity": f"scale: {HERE}maturty"},
        ["“maturty” is no scale of the framework; did you mean “maturity”"],
    ),
    "an unknown target": (
        {"target: all": f"target: {HERE}agree"},
        ["“agree” is no level of its scale; choose one of none, some, all"],
    ),
    "a descriptor is missing": (
        {"          none: Nothing\n          some: Some of it\n": f"          {HERE}some: Some of it\n"},
        ["has no descriptor of “none”; add one for each level"],
    ),
    "a descriptor too many": (
        {"          all: All of it": f"          all: All of it\n          {HERE}most: Most"},
        ["“most” is no level of the"],
    ),
    "a condition on a later question": (
        {"when: {question: picture, at_least: some}": f"when: {{question: {HERE}trust, at_least: agree}}"},
        ["“trust” is no earlier question; it stands further down"],
    ),
    "a condition on itself": (
        {"question: picture,": f"question: {HERE}money,"},
        ["is the question itself; name an earlier one"],
    ),
    "a condition on nothing": (
        {"question: picture,": f"question: {HERE}pictures,"},
        ["no earlier question; did you mean “picture”"],
    ),
    "a condition on an unknown level": (
        {"at_least: some": f"at_least: {HERE}agree"},
        ["“agree” is no level of “picture”"],
    ),
    "an unknown checklist item": (
        {"serves: [L1]": f"serves: [L1, {HERE}L9]"},
        ["“serves[1]” “L9” is no item of the framework’s checklist"],
    ),
    "an anchor that stands alone": ({"title: What": f"title: {HERE}&title What"}, ["“&title” is an anchor"]),
    "a control character in a title": (
        {"The first section": f"The first{HERE}\x1b section"},
        ["holds the character U+001B"],
    ),
    "an unknown kind of evidence": ({"evidence: [minutes]": f"evidence: [{HERE}minute]"}, ["did you mean “minutes”?"]),
}

FRAMEWORK_CASES: Final[dict[str, Case]] = {
    "an enabler's id twice": (
        {"id: two": f"id: {HERE}one"},
        ["“one” stands among the enablers already, on line 5; rename one"],
    ),
    "a scale's id twice": ({"id: agreement": f"id: {HERE}maturity"}, ["“maturity” stands among the scales already"]),
    "a level's id twice": ({"id: some": f"id: {HERE}none"}, ["“none” stands among the levels already"]),
    "a band's id twice": ({"id: high": f"id: {HERE}low"}, ["“low” stands among the bands already"]),
    "one level": (
        {"    levels:\n      - {id: disagree, points: 0, label: Disagree}\n": f"    levels:\n      {HERE}"},
        ["has 1 of at least 2"],
    ),
    "points stand still": ({"points: 0.5": f"points: {HERE}0"}, ["“points” is 0, not above 0 before it; raise it"]),
    "points fall": ({"points: 0.5": "points: 3", "points: 2": f"points: {HERE}2"}, ["“points” is 2, not above 3"]),
    "a reserved level": ({"id: some": f"id: {HERE}dont-know"}, ["“dont-know” is an answer that every question takes"]),
    "another reserved level": ({"id: some": f"id: {HERE}not-applicable"}, ["“not-applicable” is an answer that every"]),
    "bands not from zero": ({"from: 0,": f"from: {HERE}1,"}, ["“from” is 1; the first band starts from 0"]),
    "bands fall": ({"from: 50": f"from: {HERE}0"}, ["“from” is 0, not above 0 before it"]),
    "a band over 100": ({"from: 50": f"from: {HERE}101"}, ["“from” is 101; it must be at most 100"]),
    "a band's name of the code": (
        {"{id: high, from: 50": f"{HERE}{{id: high, {HERE}start: 50"},
        ["“from” is missing", "“start” is no key"],
    ),
    "a cap that is no band": (
        {"critical_cap: low": f"critical_cap: {HERE}lowest"},
        ["“lowest” is no band of the framework"],
    ),
    "a percentage over 100": (
        {"default_target: 75": f"default_target: {HERE}100.5"},
        ["is 100.5; it must be at most 100"],
    ),
    "a percentage under 0": ({"critical_below: 25": f"critical_below: {HERE}-1"}, ["is -1; it must be at least 0"]),
    "provisional over full": (
        {"provisional_coverage: 50": f"provisional_coverage: {HERE}80"},
        ["is 80, above full_coverage 75"],
    ),
    "no organisation": ({"minimum_organisations: 2": f"minimum_organisations: {HERE}0"}, ["it must be at least 1"]),
    "a rule is missing": (
        {"  default_target: 75\n  full": f"  {HERE}{HERE}full", "  critical_cap: low\n": ""},
        ["“default_target” is", "“critical_cap” is"],
    ),
}

LEARNING_CASES: Final[dict[str, Case]] = {
    "an unknown enabler": (
        {"enabler: two": f"enabler: {HERE}three", "points:\n": f"{HERE}{HERE}points:\n"},
        ["hold none", "hold none", "“three” is no enabler"],
    ),
    "an unknown band": (
        {"bands: [low], q": f"bands: [{HERE}lower], q"},
        ["“bands[0]” “lower” is no band of the framework"],
    ),
    "an unknown question": ({"questions: [picture]": f"questions: [{HERE}pictures]"}, ["did you mean “picture”?"]),
    "an unknown resource": (
        {"resources: [guide]": f"resources: [{HERE}guides]"},
        ["“guides” is no resource of this library; did you"],
    ),
    "a resource's unknown enabler": ({"enablers: [one, two]": f"enablers: [one, {HERE}to]"}, ["“to” is no enabler"]),
    "a resource's id twice": (
        {"id: old-guide": f"id: {HERE}guide", "    successor: guide\n": ""},
        ["stands among the resources"],
    ),
    "a point's id twice": ({"id: begin": f"id: {HERE}draw"}, ["“draw” stands among the points already"]),
    "a link that is none": (
        {"link: http://example.org/old": f"link: {HERE}example.org"},
        ["“example.org”, which is no web address"],
    ),
    "a script as a link": (
        {"link: http://example.org/old": f"link: {HERE}javascript:alert(1)"},
        ["which is no web address"],
    ),
    "a date that is none": (
        {"last_checked: 2026-11-01": f"last_checked: {HERE}2026-11-31"},
        ["must be a real date in the form"],
    ),
    "a date of another form": (
        {"last_checked: 2026-11-01": f"last_checked: {HERE}1 November 2026"},
        ["must be a real date in the form"],
    ),
    "ended without a note": (
        {"status: ended": f"status: {HERE}ended", "    note: It closed.\n": ""},
        ["is ended, but there is no “note”"],
    ),
    "an unknown status": (
        {"status: ended": f"status: {HERE}gone"},
        ["“status” is “gone”; it must be 'current', 'ended' or"],
    ),
    "an unknown successor": (
        {"successor: guide": f"successor: {HERE}guides"},
        ["“guides” is no resource of this library"],
    ),
    "its own successor": (
        {"successor: guide": f"successor: {HERE}old-guide"},
        ["“old-guide” leads back to this resource"],
    ),
    "an enabler and band without a point": (
        {"points:\n": f"{HERE}points:\n", "bands: [low, high], text: Meet": "bands: [high], text: Meet"},
        ["“points” hold none for enabler “two” in band “low” without questions; add one"],
    ),
}

BARRIERS_CASES: Final[dict[str, Case]] = {
    "an unknown enabler": (
        {"enabler: two": f"enabler: {HERE}tow", "enablers:\n": f"{HERE}enablers:\n"},
        ["“enablers” ask nothing about “two”; add it", "“tow” is no enabler of the framework; did you mean “two”?"],
    ),
    "an enabler is not asked about": (
        {
            "enablers:\n": f"{HERE}enablers:\n",
            """  - enabler: two
    question: {en: What is in the way of two?, cy: Beth?}
    kinds:
      - {id: money, label: Money, hint: There is none, next_step: Cost it, resources: [guide, old-guide]}
      - {id: time, label: Time, hint: Nobody has any, next_step: Free a day}
""": "",
        },
        ["“enablers” ask nothing about “two”; add it"],
    ),
    "an enabler is asked about twice": (
        {"enabler: two": f"enabler: {HERE}one", "enablers:\n": f"{HERE}enablers:\n"},
        ["ask nothing about “two”", "“enabler” “one” is asked about on line 4 already; join the two"],
    ),
    "an unknown resource": (
        {"resources: [guide]": f"resources: [{HERE}guides]"},
        ["“resources[0]” “guides” is no resource of the learning library; did you mean “guide”?"],
    ),
    "a kind's id twice": (
        {"id: belief": f"id: {HERE}law"},
        ["“law” stands among the kinds already, on line 7; rename one"],
    ),
    "a kind's id twice in two enablers": (
        {"id: time": f"id: {HERE}law"},
        ["“law” stands among the kinds already, on line 7; rename one"],
    ),
    "a kind's id is no id": ({"id: belief": f"id: {HERE}A belief"}, ["which is no id; use small letters"]),
    "one kind alone": (
        {
            "    question: What is in the way of one?\n    kinds:\n": (
                f"    question: What is in the way of one?\n    kinds:\n      {HERE}"
            ),
            "      - id: law\n": "- id: law\n",
            "      - {id: belief, label: A belief, hint: Nobody can, next_step: Ask which rule}\n": "",
        },
        ["“kinds” has 1 of at least 2 entries; add to it"],
    ),
    "no question": (
        {"    question: What is in the way of one?\n": "", "  - enabler: one": f"  {HERE}- enabler: one"},
        ["“question” is missing; add question: what people are asked about a gap of this enabler, in words"],
    ),
    "no hint": (
        {"        hint: Somebody can name the rule\n": "", "      - id: law": f"      {HERE}- id: law"},
        ["“hint” is missing; add hint: how to recognise it, and tell it from the others"],
    ),
    "a blank next step": (
        {"next_step: Ask for another one": f"next_step: {HERE}''"},
        ["“next_step” is blank; write the words a person will read"],
    ),
    "a key is misspelt": (
        {"next_step: Ask for another one": f"{HERE}next_stop: Ask for another one", "- id: law": f"{HERE}- id: law"},
        ["“next_step” is missing", "“next_stop” is no key here; did you mean “next_step”?"],
    ),
    "another framework": (
        {"framework: small": f"framework: {HERE}smell"},
        ["“framework” is “smell”"],
    ),
    "another version of the form": ({"schema: 1": f"schema: {HERE}2"}, ["“schema” is 2; it must be at most 1"]),
    "no enabler at all": (
        {
            BARRIERS[BARRIERS.index("enablers:") :]: f"{HERE}{HERE}enablers: {HERE}[]\n",
        },
        ["ask nothing about “one”", "ask nothing about “two”", "“enablers” has 0 of at least 1 entries; add to it"],
    ),
}

TRUST_CASES: Final[dict[str, Case]] = {
    "another framework": (
        {"framework: small": f"framework: {HERE}smaller"},
        ["the framework.yaml beside it is “small”"],
    ),
    "an unknown enabler": ({"enabler: two": f"enabler: {HERE}to"}, ["“to” is no enabler of the framework; did you"]),
    "a key is unknown": ({"title: Trust": f"title: Trust\n{HERE}colour: red"}, ["“colour” is no key here"]),
    "the text is missing": (
        {"schema: 1": f"{HERE}schema: 1", "text: How far can you rely on them?\n": ""},
        ["add text"],
    ),
    "three levels": (
        {"  - {id: never": f"  {HERE}- {{id: never", "  - {id: seldom, label: Seldom}\n": ""},
        ["“levels” has 3 of at least 4 entries; add to it"],
    ),
    "five levels": (
        {"levels:\n": f"levels:\n  {HERE}- {{id: sometimes, label: Sometimes}}\n"},
        ["“levels” has 5 entries, more than 4; take some away"],
    ),
    "a level's id twice": ({"id: seldom": f"id: {HERE}never"}, ["“never” stands among the levels already"]),
    "a subject's id twice": ({"id: ministers": f"id: {HERE}people"}, ["“people” stands among the subjects already"]),
    "a subject like an organisation": (
        {"id: people": f"id: {HERE}a1890000-0000-7000-8000-000000000001"},
        ["looks like the id of an organisation"],
    ),
    "no level relies": (
        {
            "levels:\n": f"{HERE}levels:\n",
            "label: Often, relies: true": "label: Often",
            "label: Always, relies: true": "label: Always, relies: false",
        },
        ["“levels” are all of one side; say “relies: true” of some"],
    ),
    "every level relies": (
        {
            "levels:\n": f"{HERE}levels:\n",
            "label: Never": "label: Never, relies: true",
            "label: Seldom": "label: Seldom, relies: true",
        },
        ["“levels” are all of one side; say “relies: false” of some"],
    ),
    "levels that rely stand first": (
        {"label: Always, relies: true": "label: Always", "- {id: always": f"- {HERE}{{id: always"},
        ["does not rely, but the level before it does"],
    ),
    "relies is no truth value": (
        {"label: Often, relies: true": f"label: Often, relies: {HERE}perhaps"},
        ["“relies” must be true or false"],
    ),
}

MIRROR_CASES: Final[dict[str, Case]] = {
    "another framework": (
        {"framework: small": f"framework: {HERE}smaller"},
        ["the framework.yaml beside it is “small”"],
    ),
    "no pair": (
        {MIRROR[MIRROR.index("pairs:") :]: f"pairs: {HERE}[]\n"},
        ["“pairs”"],
    ),
    "a key is unknown": ({"  - id: paying": f"  - id: paying\n    {HERE}weight: 1"}, ["“weight” is no key here"]),
    "what it is about is missing": (
        {"  - id: seeing": f"  {HERE}- id: seeing", "    about: Whether each sees the other\n": ""},
        ["pairs[1] (seeing): “about” is missing; add about: what both questions are about"],
    ),
    "a side is missing": (
        {
            "  - id: paying": f"  {HERE}- id: paying",
            "    departments: {questionnaire: departments, question: grants}\n": "",
        },
        ["“departments” is missing; add departments: the side of departments"],
    ),
    "a side is a word": (
        {"local: {questionnaire: asked, question: money}": f"local: {HERE}money"},
        ["“local”"],
    ),
    "an id is no id": ({"id: paying": f"id: {HERE}Paying"}, ["“id”"]),
    "a pair's id twice": ({"id: seeing": f"id: {HERE}paying"}, ["“paying” stands among the pairs already, on line 4"]),
    "the same two questions twice": (
        {
            "    local:\n      questionnaire": f"    local:\n      {HERE}questionnaire",
            "question: picture": "question: money",
            "question: visits": "question: grants",
        },
        ["“local” and “departments” are the pair of line 6 already; take one away"],
    ),
    "an unknown questionnaire": (
        {"local: {questionnaire: asked": f"local: {{questionnaire: {HERE}askd"},
        ["“askd” is no questionnaire of the framework; did you mean “asked”?"],
    ),
    "an unknown local question": (
        {"question: picture": f"question: {HERE}pictures"},
        ["“pictures” is no question of “asked” in any version; did you mean “picture”?"],
    ),
    "a question of the other side": (
        {"question: visits": f"question: {HERE}picture"},
        ["“picture” is no question of “departments” in any version"],
    ),
    "departments where local partners belong": (
        {
            "{questionnaire: asked, question: money}": f"{{questionnaire: {HERE}departments, question: grants}}",
        },
        ["“departments” does not ask “local-partner”; name a questionnaire that does"],
    ),
    "local partners where departments belong": (
        {"questionnaire: departments\n      question: visits": f"questionnaire: {HERE}asked\n      question: trust"},
        ["“asked” does not ask “department”; name a questionnaire that does"],
    ),
}

SYNTAX_CASES: Final[dict[str, Case]] = {
    "a double quote is not closed": (
        {'"The first section"': f'{HERE}"The first section'},
        ["this quote is never closed"],
    ),
    "a single quote is not closed": (
        {"'Think of the last year'": f"{HERE}'Think of the last year"},
        ["this quote is never closed"],
    ),
    "an unclosed quote runs into the next one": (
        {'"The first section"': f'{HERE}"The first section', "text: Is there money?": 'text: "Is there money?"'},
        ["this quote is never closed; close it"],
    ),
    "an unclosed quote runs into an empty one": (
        {'"The first section"': f'{HERE}"The first section', "text: Is there money?": 'text: ""'},
        ["this quote is never closed; close it"],
    ),
    "an unclosed quote in braces": (
        {"at_least: some}": f"at_least: {HERE}'some}}", "text: Is there trust?": "text: 'Is there trust?'"},
        ["this quote is never closed; close it"],
    ),
    "a bracket is not closed": ({"[L1]": f"{HERE}[L1"}, ["this “[” is never closed, or a comma is missing"]),
    "a brace is not closed": (
        {"{question: picture, at_least: some}": f"{HERE}{{question: picture, at_least: some"},
        ["this “{” is"],
    ),
    "a dash is missing": ({"      - id: picture": f"        {HERE}id: picture"}, ["this list entry has no dash"]),
    "a dash out of line": ({"      - id: money": f"     {HERE}- id: money"}, ["this does not fit the lines above"]),
    "a bracket too many": ({"[L1]": f"[L1]{HERE}]"}, ["this does not fit the lines above"]),
    "a colon is missing": ({"        scale: maturity": f"        {HERE}scale maturity"}, ["this key has no colon"]),
    "a colon too many": ({"text: Is there money?": f"text: Is there: {HERE}money?"}, ["a colon is not allowed here"]),
    "a tab": ({"        meaning: 1": f"{HERE}\tmeaning: 1"}, ["a tab is no indentation; use spaces"]),
    "too little indentation": (
        {"        scale: maturity": f"       {HERE}scale: maturity"},
        ["does not fit the list above"],
    ),
    "too much indentation": ({"        meaning: 1": f"          {HERE}meaning: 1"}, ["a colon is not allowed here"]),
    "a character that starts nothing": (
        {"text: Is there money?": f"text: {HERE}@money"},
        ["cannot start with this character"],
    ),
    "an unknown escape": ({'"The first section"': f'{HERE}"The \\qfirst"'}, ["holds an unknown escape"]),
    "half a character": ({'"The first section"': f'{HERE}"\\ud83d"'}, ["holds an escape that is no character"]),
    "another YAML": (
        {"# yaml-language-server: $schema=../../docs/schemas/questionnaire.schema.json": f"%YAML 2.0{HERE}\n---"},
        ["%YAML"],
    ),
    "an end and more": ({"  - id: second": f"...\n  {HERE}- id: second"}, ["this is not part of the file’s mapping"]),
}
