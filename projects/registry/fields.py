"""Field ids that the program itself writes: the contract between every city's form.yaml and the registry.

A pack that leaves one out simply does not get that fact.
"""

PROJECT_CODE = "project_code"
PROJECT_NAME = "project_name"
SITE_REGION = "site_region"
OWNER_NAME = "owner_name"
OWNER_USCC = "owner_uscc"
OWNER_TYPE = "owner_type"
LEGAL_PERSON = "legal_person"
INDUSTRY = "industry"

#: given as arguments of the registration, never as facts
IDENTITY = frozenset({PROJECT_CODE, PROJECT_NAME, SITE_REGION})
#: read off the owner's licence, never typed
OWNER = frozenset({OWNER_NAME, OWNER_USCC, OWNER_TYPE, LEGAL_PERSON})
