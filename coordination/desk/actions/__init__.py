"""What commands do across the domains.

Load reference data, tell the demonstration's story, back up and restore.
"""

from coordination.desk.actions.backup import back_up
from coordination.desk.actions.demo import tell_story
from coordination.desk.actions.reference import load_reference
from coordination.desk.actions.restoration import restore

__all__ = ["back_up", "load_reference", "restore", "tell_story"]
