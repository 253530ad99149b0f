"""Every write to people on the register, and to what hangs on them."""

from carenet.residents.actions.bases import (
    demand_basis,
    demand_not_refused,
    demand_still,
    is_refused,
)
from carenet.residents.actions.certifications import certify
from carenet.residents.actions.claims import Carried, Claim, Fields, Known, claim_of, learn
from carenet.residents.actions.consents import (
    note_consents,
    record_consent,
    record_consents,
    withdraw_consent,
)
from carenet.residents.actions.contacts import (
    add_contact,
    confirm_contact,
    edit_contact,
    end_contact,
)
from carenet.residents.actions.facts import correct_fact, end_fact, record_fact
from carenet.residents.actions.history import rebuild_search_keys
from carenet.residents.actions.households import (
    found_household,
    join_household,
    leave_household,
)
from carenet.residents.actions.inquiries import decline, inquire, share
from carenet.residents.actions.merge import demand_unmerged, merge, unmerge
from carenet.residents.actions.record_end import end_record, reinstate
from carenet.residents.actions.registration import (
    edit,
    find_duplicates,
    register,
    register_many,
    settle_person,
)

__all__ = [
    "Carried",
    "Claim",
    "Fields",
    "Known",
    "add_contact",
    "certify",
    "claim_of",
    "confirm_contact",
    "correct_fact",
    "decline",
    "demand_basis",
    "demand_not_refused",
    "demand_still",
    "demand_unmerged",
    "edit",
    "edit_contact",
    "end_contact",
    "end_fact",
    "end_record",
    "find_duplicates",
    "found_household",
    "inquire",
    "is_refused",
    "join_household",
    "learn",
    "leave_household",
    "merge",
    "note_consents",
    "rebuild_search_keys",
    "record_consent",
    "record_consents",
    "record_fact",
    "register",
    "register_many",
    "reinstate",
    "settle_person",
    "share",
    "unmerge",
    "withdraw_consent",
]
