"""Field ids that the form fills in by itself: the contract with every city's form.yaml.

A pack that leaves one out simply does not get that value.
"""

#: from the unit
ENG_CODE = "eng_code"
PREVIOUS_ENG_CODE = "prev_eng_code"
#: edition of GB/T 4754 by which the industry code of the project is judged (国标行业代码发布年代)
INDUSTRY_YEAR = "industry_year"
