"""What the tests of pages do not see, and what they still see."""

import pytest

from coordination.core.tests.pages import tidy


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "<ul>\n  <li\n    class='a > b'\n  >\n One </li>\n</ul>\n",
            "<ul><li class='a > b'>One</li></ul>",
        ),
        ('<a\n  href="/"\n>Read</a\n>, then', '<a href="/">Read</a>, then'),
        ("<p>\n <b>One</b> <i>two</i>\n</p>", "<p><b>One</b> <i>two</i></p>"),
        ("<svg>\n <rect\n x='1' />\n</svg>\n word", "<svg><rect x='1'/></svg> word"),
        (
            "<button\n type='submit' >\n Do\n</button>\n<a>x</a>",
            "<button type='submit'>Do</button> <a>x</a>",
        ),
        ('<input type="hidden" name="a">\n <b>x</b>', '<input type="hidden" name="a"><b>x</b>'),
    ],
)
def test_space_that_a_browser_does_not_show_is_left_out(written, shown):
    assert tidy(written) == shown


@pytest.mark.parametrize(
    "html",
    [
        "<b>One</b> , two",
        "<b>One</b> <i>two</i>",
        "<a>Read </a>, then",
        "<a> Read</a>",
        "( <b>one</b> )",
        "<button>Do</button> <button>Leave</button>",
        "3 < 4 > 2",
    ],
)
def test_space_that_a_reader_sees_stays(html):
    assert tidy(html) == html
