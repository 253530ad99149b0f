"""Names that reach nobody who has no part in what they stand in."""

#: Names that nobody may read who has no part in the case.
FAMILY_NAME, FAMILY_KANA = "鷗沢﨑", "カモメザワサキ"
#: Who made the reports: nobody may read it outside of its compartment.
REPORTER, REPORTER_PHONE = "鸚鵡谷 椋", "045-000-4649"
#: Whom nobody knows who has no part in the watch.
WATCHED, WATCHED_KANA = "鶫野﨑", "ツグミノサキ"
