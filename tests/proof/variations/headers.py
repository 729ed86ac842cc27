"""Header fields and status lines that say nothing of the photo."""

from __future__ import annotations

from dataclasses import replace

from conformance.model import Answer, Place
from tests.proof.variations.catalogue import allowed
from tests.proof.variations.editing import is_an_error, more_headers, shows_a_picture, shows_metadata, with_header


@allowed()
def header_names_in_lower_case(place: Place, answer: Answer) -> Answer:
    """Field names have no case (RFC 9110 5.1; S43)."""
    return replace(answer, headers=tuple((name.lower(), value) for name, value in answer.headers))


@allowed()
def header_names_in_upper_case(place: Place, answer: Answer) -> Answer:
    """Field names have no case (RFC 9110 5.1; S43)."""
    return replace(answer, headers=tuple((name.upper(), value) for name, value in answer.headers))


@allowed()
def header_order_turned(place: Place, answer: Answer) -> Answer:
    """The order of fields of different names means nothing (RFC 9110 5.3)."""
    return replace(answer, headers=answer.headers[::-1])


@allowed()
def eighty_more_headers(place: Place, answer: Answer) -> Answer:
    """Fields that a client does not know are ignored (RFC 9110 5.1)."""
    return more_headers(answer, *((f"X-Extra-{number}", "é" * number) for number in range(80)))


@allowed()
def headers_repeated(place: Place, answer: Answer) -> Answer:
    """List-valued fields may come in several lines (RFC 9110 5.3)."""
    pairs = (
        ("Vary", "Accept"),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", "no-cache"),
        ("Cache-Control", "private"),
    )
    return more_headers(answer, *pairs)


@allowed()
def empty_header_values(place: Place, answer: Answer) -> Answer:
    """A field's value may be empty (RFC 9110 5.5)."""
    return more_headers(answer, ("X-Empty", ""), ("Server", ""))


@allowed()
def no_service_headers(place: Place, answer: Answer) -> Answer:
    """The page shows Content-Type alone: no Date, no Cache-Control, no request-id, no OData-Version is asked for."""
    kept = ("content-type", "etag", "www-authenticate")
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0].lower() in kept))


@allowed()
def odata_version_4_01(place: Place, answer: Answer) -> Answer:
    """The version is the service's to tell, and no clause of any page edition asks for it (OData protocol 8.1.5)."""
    return with_header(answer, "OData-Version", "4.01")


@allowed()
def cookies_set(place: Place, answer: Answer) -> Answer:
    """Gateways set cookies; each comes in a line of its own, commas in its date (RFC 6265 3)."""
    cookie = "affinity=abc; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; Secure"
    return more_headers(answer, ("Set-Cookie", cookie), ("Set-Cookie", "stamp=1; HttpOnly"))


@allowed()
def cached_for_hours(place: Place, answer: Answer) -> Answer:
    """The service has been seen with this Cache-Control."""
    return with_header(answer, "Cache-Control", "max-age=21600, private")


@allowed()
def never_stored(place: Place, answer: Answer) -> Answer:
    """Caching is the server's choice (RFC 9111 5.2.2)."""
    return with_header(answer, "Cache-Control", "no-store, must-revalidate")


@allowed()
def ranges_offered(place: Place, answer: Answer) -> Answer:
    """No range was requested, so offering them changes nothing (RFC 9110 14.3)."""
    return more_headers(answer, ("Accept-Ranges", "bytes"))


@allowed()
def photo_as_an_attachment(place: Place, answer: Answer) -> Answer:
    """Content-Disposition is a hint for browsers (RFC 6266)."""
    value = "attachment; filename=\"photo.jpg\"; filename*=UTF-8''ph%C3%B6to.jpg"
    return more_headers(answer, ("Content-Disposition", value)) if shows_a_picture(place, answer) else answer


@allowed()
def dates_and_places_given(place: Place, answer: Answer) -> Answer:
    """Last-Modified, Content-Location, Content-Language and Age may stand on any answer (RFC 9110 8)."""
    return more_headers(
        answer,
        ("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("Content-Location", "/v1.0/somewhere/else"),
        ("Content-Language", "de-DE"),
        ("Age", "12"),
    )


@allowed()
def proxies_named(place: Place, answer: Answer) -> Answer:
    """Intermediaries add their own fields (RFC 9110 7.6.3)."""
    return more_headers(
        answer, ("Via", "1.1 gateway, 1.0 cache"), ("X-Cache", "HIT"), ("Alt-Svc", 'h3=":443"; ma=86400')
    )


@allowed()
def identity_coding_named(place: Place, answer: Answer) -> Answer:
    """`identity` says that there is no coding; recipients take it (RFC 9110 12.5.3)."""
    return with_header(answer, "Content-Encoding", "identity")


@allowed()
def json_labelled_as_zipped(place: Place, answer: Answer) -> Answer:
    """Content codings are undone before anything is evaluated; the header stays (RFC 9110 8.4)."""
    return with_header(answer, "Content-Encoding", "gzip") if shows_metadata(place, answer) else answer


@allowed()
def zipped_photo_with_a_tag_of_its_own(place: Place, answer: Answer) -> Answer:
    """A coded representation has another strong tag, and is not compared with the metadata's (RFC 9110 8.8.3.3)."""
    if not shows_a_picture(place, answer):
        return answer
    return with_header(with_header(answer, "Content-Encoding", "gzip"), "ETag", '"another-gzip"')


@allowed()
def another_reason_phrase(place: Place, answer: Answer) -> Answer:
    """A client ignores the reason phrase (RFC 9112 4)."""
    return replace(answer, reason="Pas Trouvé, 500 Internal Server Error")


@allowed()
def another_http_version(place: Place, answer: Answer) -> Answer:
    """The contract speaks of HTTP, in any version."""
    return replace(answer, version="HTTP/2")


@allowed()
def several_challenges(place: Place, answer: Answer) -> Answer:
    """A 401 may offer several schemes, in several fields (RFC 9110 11.6.1)."""
    if answer.status != 401:
        return answer
    bearer = 'Bearer realm="", authorization_uri="https://login.example/authorize", client_id="0003"'
    return with_header(answer, "WWW-Authenticate", "Negotiate", bearer, 'Basic realm="x", charset="UTF-8"')


@allowed()
def challenges_elsewhere(place: Place, answer: Answer) -> Answer:
    """WWW-Authenticate may stand on other answers than 401 (RFC 9110 11.6.1)."""
    return more_headers(answer, ("WWW-Authenticate", "Bearer")) if is_an_error(answer) else answer
