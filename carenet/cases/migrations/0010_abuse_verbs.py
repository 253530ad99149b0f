from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_two_deciders'),
    ]

    operations = [
        migrations.AlterField(
            model_name='abuseevent',
            name='from_status',
            field=models.CharField(blank=True, choices=[('received', 'received'), ('reception_held', 'reception meeting held'), ('facts_checked', 'facts checked'), ('decision_proposed', 'decision proposed'), ('decided', 'decided'), ('planned', 'response planned'), ('evaluated', 'evaluated'), ('closed', 'closed')], max_length=20),
        ),
        migrations.AlterField(
            model_name='abuseevent',
            name='to_status',
            field=models.CharField(choices=[('received', 'received'), ('reception_held', 'reception meeting held'), ('facts_checked', 'facts checked'), ('decision_proposed', 'decision proposed'), ('decided', 'decided'), ('planned', 'response planned'), ('evaluated', 'evaluated'), ('closed', 'closed')], max_length=20),
        ),
        migrations.AlterField(
            model_name='abuseevent',
            name='verb',
            field=models.CharField(choices=[('report', 'abuse report'), ('hold_reception', 'reception meeting'), ('check_facts', 'fact check'), ('investigate_entry', 'entry investigation'), ('propose_decision', 'decision proposed'), ('reject_decision', 'proposed decision rejected'), ('withdraw_decision', 'proposed decision withdrawn'), ('decide', 'core-member meeting'), ('plan', 'response plan'), ('evaluate', 'evaluation'), ('close', 'close'), ('close_elsewhere', 'closed: another desk is competent')], max_length=20),
        ),
    ]
