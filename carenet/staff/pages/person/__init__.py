"""The pages of one person: their record, contacts, care, consents, household, end and picture."""
