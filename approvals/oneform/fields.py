"""Field ids that are filled from the engineering code: the contract with every city's form.yaml.

A pack that leaves one out simply does not get that value.
"""

ENG_CODE = "eng_code"
PREVIOUS_ENG_CODE = "prev_eng_code"
