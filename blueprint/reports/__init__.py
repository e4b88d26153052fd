"""What is shown and handed out of a check: the page of a run, its maps, the numbered report.

Owns: what a finding means to people (read from the pack), the page of a run and its comparison with an earlier one, the
maps drawn for it, the report with its number, verification code and PDF.
Does not own: runs and the rules behind them (checks), the boundary (siting), what a case decides (review).
Before: checks. After: ideas, which show the check of an idea; certificates, which verify the code of a report.
"""
