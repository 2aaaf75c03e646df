import datetime
import coordination.core.models
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMailPreference',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_source', coordination.core.models.ChangeSourceField(editable=False, max_length=150, null=True, verbose_name='from')),
                ('history_reason_values', models.JSONField(default=dict, editable=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('frequency', models.CharField(choices=[('at_once', 'at once'), ('digest', 'in a daily digest'), ('off', 'not by e-mail')], default='at_once', max_length=10, verbose_name='how')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical mail preference',
                'verbose_name_plural': 'historical mail preferences',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MailPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('frequency', models.CharField(choices=[('at_once', 'at once'), ('digest', 'in a daily digest'), ('off', 'not by e-mail')], default='at_once', max_length=10, verbose_name='how')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'mail preference',
                'verbose_name_plural': 'mail preferences',
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='reminders_mailpreference_once')],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='key')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('address', models.EmailField(max_length=254, verbose_name='address')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('html', models.TextField(verbose_name='HTML')),
                ('headers', models.JSONField(default=dict, verbose_name='headers')),
                ('message_id', models.CharField(max_length=120, verbose_name='Message-ID')),
                ('url', models.CharField(blank=True, max_length=300, verbose_name='link')),
                ('due_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='due at')),
                ('planned_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='planned at')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('parked', 'could not be delivered'), ('held', 'kept for the digest'), ('digested', 'sent in a digest'), ('unwanted', 'not wanted any more'), ('withheld', 'withheld'), ('expired', 'expired')], default='waiting', max_length=10, verbose_name='state')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(validators=[coordination.core.models.validate_moment], verbose_name='next try at')),
                ('leased_until', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='leased until')),
                ('leased_by', models.CharField(blank=True, max_length=80, verbose_name='leased by')),
                ('sent_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='sent at')),
                ('last_answer', models.TextField(blank=True, verbose_name='last answer of the mail server')),
                ('failure', models.CharField(blank=True, choices=[('too_slow', 'The mail server took longer than %(seconds)g s for one mail.'), ('silent', 'Given up: every try ended without an answer.'), ('unchecked', 'It could not be checked against the facts: %(error)s'), ('control_character', '%(header)s holds a control character.'), ('address', 'The mail system cannot write to %(address)s.'), ('unwritable', 'The mail cannot be written: %(error)s')], db_default='', default='', max_length=20, verbose_name='failure')),
                ('failure_values', models.JSONField(blank=True, null=True, verbose_name='values of the failure')),
                ('until', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='of use until')),
                ('reason', models.CharField(blank=True, choices=[('past', 'It came too late.'), ('inactive', 'The recipient’s account is closed, or has no e-mail address.'), ('left', 'The recipient is not in office any more.'), ('not_addressed', 'It is due to others only: somebody else is responsible now, or the recipient’s agency has answered.'), ('replaced', 'A later mail about the same matter replaces it.'), ('changed', 'The facts changed after it was planned.'), ('empty', 'Nothing that it lists is due any more.')], db_default='', default='', max_length=20, verbose_name='reason')),
                ('reason_values', models.JSONField(blank=True, null=True, verbose_name='values of the reason')),
                ('withheld_at', models.DateTimeField(blank=True, null=True, validators=[coordination.core.models.validate_moment], verbose_name='withheld at')),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.outboxmessage', verbose_name='digest')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'outbox',
                'ordering': ['-due_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at', 'id'], name='reminders_waiting'), models.Index(fields=['state', '-due_at'], name='reminders_o_state_53d8b0_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('due_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('planned_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('planned_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('next_try_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('next_try_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('leased_until__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('leased_until__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('sent_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('sent_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('until__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('until__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)), ('withheld_at__gte', datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('withheld_at__lte', datetime.datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc))), name='reminders_outboxmessage_days_in_bounds', violation_error_message='Give days from 1900 to 2200.')],
            },
        ),
    ]
