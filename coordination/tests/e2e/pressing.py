"""How tests in the browser press a button or follow a link: they wait for what comes, as a person does."""

from playwright.sync_api import Locator, expect

# Paragraphs that come into sight are laid out some frames later, and what is below them moves: a mouse that goes down
# before and up after that has clicked on nothing.
COME_TO_REST = """async control => {
    let top = NaN;
    for (let still = 0; still < 6; still++) {
        control.scrollIntoViewIfNeeded(true);
        await new Promise(requestAnimationFrame);
        const now = control.getBoundingClientRect().top;
        if (now !== top) still = 0;
        top = now;
    }
}"""
# A new page has no mark; where htmx swaps a piece in place, the mark goes when the piece can be used. A form without
# htmx is sent after the click has returned: whoever opens the next page at once would take it back.
MARK = """() => {
    const page = document.documentElement;
    page.dataset.pressed = 'yes';
    document.addEventListener('htmx:afterSettle', () => delete page.dataset.pressed, { once: true });
}"""


def press(control: Locator, *, key: str = "") -> None:
    """Click, or press a key on the control; wait for the page or the piece of it that comes."""
    page = control.page
    control.evaluate(COME_TO_REST)
    page.evaluate(MARK)
    if key:
        control.press(key)
    else:
        control.click()
    expect(page.locator("html[data-pressed]")).to_have_count(0)
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.wait_for_load_state()
