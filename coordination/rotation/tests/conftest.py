"""The schedule on which operations are tested."""

import pytest

from coordination.rotation.tests.schedule import H1_2028, H2_2027, term_of


@pytest.fixture
def later(terms, unfpa, ohchr):
    """Return two turns after WHO's: UNFPA's and OHCHR's."""
    return term_of([unfpa], H2_2027, slug="2027-H2"), term_of([ohchr], H1_2028, slug="2028-H1")
