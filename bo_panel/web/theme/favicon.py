"""The mark of the panel as a small picture for the browser's tab."""

FAVICON = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <defs>
    <linearGradient id="fill" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="#8a5cf0"/>
      <stop offset="1" stop-color="#2f4bd8"/>
    </linearGradient>
  </defs>
  <rect width="32" height="32" rx="9" fill="url(#fill)"/>
  <path d="M9 11h14M9 16h9M9 21h5" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>
  <circle cx="22" cy="20" r="3" fill="#fff"/>
</svg>
"""
