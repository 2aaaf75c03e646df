"""Our icons: 20 units square, stroked in the colour of the text."""

ICONS = {
    "late": '<path d="M10 3l7.5 13.5h-15z"/><path d="M10 8.2v3.6M10 14v.2"/>',
    "clock": '<circle cx="10" cy="10" r="7.5"/><path d="M10 5.8V10l2.8 1.8"/>',
    "open": '<circle cx="10" cy="10" r="7.5"/>',
    "now": (
        '<circle cx="10" cy="10" r="7.5"/>'
        '<circle cx="10" cy="10" r="2.6" fill="currentColor" stroke="none"/>'
    ),
    "check": '<path d="M4 10.5l4 4 8-9"/>',
    "approve": '<circle cx="10" cy="10" r="7.5"/><path d="M6.6 10.3l2.4 2.4 4.4-5"/>',
    "reserve": '<path d="M15.8 5.2a7.5 7.5 0 1 0 1.6 4"/><path d="M6.6 10.3l2.4 2.4L17 3.8"/>',
    "object": (
        '<path d="M6.9 2.5h6.2l4.4 4.4v6.2l-4.4 4.4H6.9l-4.4-4.4V6.9z"/>'
        '<path d="M7.3 7.3l5.4 5.4M12.7 7.3l-5.4 5.4"/>'
    ),
    "minus": '<circle cx="10" cy="10" r="7.5"/><path d="M6.5 10h7"/>',
    "silent": (
        '<circle cx="10" cy="10" r="7.5" stroke-dasharray="2.6 2.1"/><path d="M10 6.2V10l2.4 1.6"/>'
    ),
    "merge": '<path d="M5 3v4c0 3 5 3.5 5 7v3M15 3v4c0 3-5 3.5-5 7"/>',
    "conflict": (
        '<path d="M1.5 10h6M4.5 6.5L8 10l-3.5 3.5M18.5 10h-6M15.5 6.5L12 10l3.5 3.5M10 3v14"/>'
    ),
    "pencil": '<path d="M4 16l.8-3.4L13.6 3.8l2.6 2.6-8.8 8.8z"/><path d="M11.8 5.6l2.6 2.6"/>',
    "moved": '<path d="M7 16V4M4 7l3-3 3 3M13 4v12M10 13l3 3 3-3"/>',
    "lock": (
        '<rect x="4.5" y="9" width="11" height="8" rx="1"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>'
    ),
    "search": '<circle cx="8.7" cy="8.7" r="5.2"/><path d="M12.6 12.6L17 17"/>',
    "calendar": (
        '<rect x="3" y="4.5" width="14" height="12.5" rx="1"/>'
        '<path d="M3 8.5h14M7 2.8v3M13 2.8v3"/>'
    ),
    "mail": (
        '<rect x="2.8" y="4.5" width="14.4" height="11" rx="1"/><path d="M3.2 5.4L10 11l6.8-5.6"/>'
    ),
    "download": '<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>',
    "undo": '<path d="M4 8h8a4 4 0 0 1 0 8H8M7 4.500L3.500 8 7 11.500"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "person": (
        '<circle cx="10" cy="6.5" r="3.2"/>'
        '<path d="M3.5 17c.6-4 3.200-5.500 6.500-5.500s5.900 1.500 6.500 5.500"/>'
    ),
    "sun": (
        '<circle cx="10" cy="10" r="3.4"/>'
        '<path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4'
        'M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4"/>'
    ),
    "moon": '<path d="M16.5 12A7 7 0 0 1 8 3.5 7 7 0 1 0 16.5 12z"/>',
}
