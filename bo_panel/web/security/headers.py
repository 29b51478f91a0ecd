"""Headers of every answer: a strict content security policy, and nothing kept by caches."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types bo",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
KEPT = frozenset({"assets", "favicon", "users.picture_view"})
"""Endpoints that say themselves what caches may keep."""


def add_headers(app: Flask, *, https: bool) -> None:
    """Set them on every answer of the application."""
    wanted = {**HEADERS, "Strict-Transport-Security": "max-age=31536000"} if https else HEADERS

    def finish(response: Response) -> Response:
        there = {name.lower() for name, _value in response.headers}
        response.headers.extend({name: value for name, value in wanted.items() if name.lower() not in there})
        if request.endpoint not in KEPT or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(finish)
