"""The gap report on every surface. Pure: a `GapReport` goes in, a text, a mapping or bytes come out.

For machines, straight from the report: `as_json`, `as_csv`. For people: `view.make_report_view` puts the report into
words once, with its `working`, and the page, `as_pdf` and `as_text` show that one object and work out nothing.

A partnership's: `as_partnership_json`; `sheets`, described by `columns`, which `as_workbook` writes as XLSX, ODS and
CSV; `partnership_files` chooses.
"""
