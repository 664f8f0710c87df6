"""The hour of each part of France: overseas, it is not that of Paris."""

PARIS = "Europe/Paris"
_OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


def zone_of(department_code: str) -> str:
    """The name of the time zone of a département, in the IANA's list."""
    return _OVERSEAS.get(department_code, PARIS)
