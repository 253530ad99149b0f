from django.db import migrations

#: Of these the last step is the end: to know is all, or another kind chases the same.
ONCE = [
    "basis.danger", "case.closed_with_resident", "case.consent_withdrawn", "case.goes_on_after_end",
    "referral.decline_proposed", "referral.settled", "referral.telephone", "reminder.digest",
    "reminder.undelivered", "resident.inquiry_over", "watch.case_ended",
]
#: What has run out of steps while it is open: the last one comes again, as if somebody had put it off.
AGAIN = """
    UPDATE reminders_reminder
    SET due_at = now() + interval '1 day', step = greatest(step - 1, 0), turn = turn + 1
    WHERE settled_at IS NULL AND due_at IS NULL AND NOT kind = ANY(%s)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0006_repeats'),
    ]

    operations = [migrations.RunSQL([(AGAIN, [ONCE])], migrations.RunSQL.noop)]
