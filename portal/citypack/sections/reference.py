"""exchange.yaml, metrics.yaml and glossary.yaml: lists that later slices read; only their shape is checked here."""

from portal.citypack.shapes import IDENT, NOTE, VERSION, WORD, ListOf, Number, Record, Table, Text

_COLUMN = Record({"code": WORD, "name": WORD, "type": WORD}, {"note": NOTE})
FILES = {
    "exchange": Record(
        {
            "version": VERSION,
            "standard": WORD,
            "upload": WORD,
            "flow_versioning": WORD,
            "tables": ListOf(
                Record(
                    {"id": IDENT, "name": WORD, "fields": ListOf(_COLUMN, unique="code")},
                    {"seen_in": WORD},
                ),
                unique="id",
                least=1,
            ),
            "rules": ListOf(Record({"id": IDENT, "rule": WORD, "level": Text(choices=("error", "warn"))}), unique="id"),
        }
    ),
    "metrics": Record(
        {
            "version": VERSION,
            "lights": Table(WORD),
            "cards": Table(WORD),
            "escalation": ListOf(
                Record(
                    {
                        "id": IDENT,
                        "name": WORD,
                        "event": WORD,
                        "overdue_days": Number(1, 365),
                        "to": ListOf(IDENT, unique="", least=1),
                    }
                ),
                unique="id",
            ),
            "reports": Table(WORD),
            "satisfaction": Table(WORD, key="[1-5]", least=5),
            "metrics": ListOf(Record({"id": IDENT, "name": WORD, "definition": WORD}), unique="id", least=1),
        }
    ),
    "glossary": Record(
        {
            "version": VERSION,
            "terms": ListOf(Record({"term": WORD, "en": WORD, "meaning": WORD}), unique="term"),
        }
    ),
}
