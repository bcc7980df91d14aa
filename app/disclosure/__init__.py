"""What may be shown of many partnerships, and the proof that it gives nobody away. Pure, with numpy and scipy.

`problem` says what is to be protected -> `withholding` decides by counts -> `linear` and `witness` look for what could
still be worked out -> `auditor` withholds more until nothing can; `figures` are what is published then. `releases` puts
a whole release together; `money` sets scores against spending, and `ranks` proves that this may be told; `mirror` adds
what departments say.
docs/disclosure.md states the rules and the proof in words; docs/money.md those of scores against spending.
"""
