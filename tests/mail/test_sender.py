"""What the mail sender makes of each answer of a server; the worker decides by the class alone."""

import pytest

from bot.delivery import DeliveryError, Receipt, Refused, Unavailable, Uncertain, Unreachable
from bot.mail.sender import MailSender
from tests.mail.server import MailServer

LOU = "mail:lou@exemple.fr"
MAIL = {"kind": "mail", "subject": "Demande n° 12", "text": "Une **demande** vous attend.", "key": "12"}
FROM = "Souffleur <souffleur@exemple.fr>"


async def failure(url: str, lane: str = LOU) -> DeliveryError:
    """How delivering fails."""
    with pytest.raises(DeliveryError) as caught:
        await MailSender(url, FROM).deliver(lane, MAIL, repeated=False)
    return caught.value


async def test_a_mail_arrives_in_plain_text_and_html(server: MailServer) -> None:
    receipt = await MailSender(server.url, FROM).deliver(LOU, MAIL, repeated=False)
    assert receipt == Receipt()
    (mail,) = server.to("lou@exemple.fr")
    assert server.recipients == [["lou@exemple.fr"]]
    assert mail["Subject"] == "Demande n° 12"
    assert mail["From"] == FROM
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Une demande vous attend."
    assert "<strong>demande</strong>" in html.get_content()


async def test_a_repeated_mail_has_the_same_message_id(server: MailServer) -> None:
    sender = MailSender(server.url, FROM)
    for key in ("12", "12", "13"):
        await sender.deliver(LOU, MAIL | {"key": key}, repeated=key == "12")
    first, again, other = (mail["Message-ID"] for mail in server.mails)
    assert first == again == "<souffleur-12@exemple.fr>"
    assert other != first


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 no such user", Unreachable),
        ("RCPT", "450 4.2.1 greylisted", Unavailable),
        ("MAIL", "550 5.7.1 sender rejected", Unavailable),
        ("MAIL", "451 4.3.0 try later", Unavailable),
        ("DATA", "554 5.6.0 message refused", Refused),
        ("DATA", "452 4.3.1 disk full", Unavailable),
        ("DATA", "hang up", Uncertain),
    ],
)
async def test_each_refusal_has_its_meaning(
    server: MailServer, step: str, answer: str, expected: type[DeliveryError]
) -> None:
    server.answers[step] = answer
    error = await failure(server.url)
    assert type(error) is expected
    assert "lou" not in error.reason
    assert server.mails == []


async def test_a_server_that_is_away_is_waited_for() -> None:
    async with MailServer() as server:
        url = server.url
    assert type(await failure(url)) is Unavailable


async def test_a_wrong_password_is_an_operators_business() -> None:
    async with MailServer(password="right") as server:
        url = server.url.replace("//", "//souffleur:wr%40ng@")
        error = await failure(url)
        assert isinstance(error, Unavailable)
        assert error.kind == "setup"
        assert "wr" not in error.reason
        good = MailSender(server.url.replace("//", "//souffleur:right@"), FROM)
        await good.deliver(LOU, MAIL, repeated=False)
        assert len(server.mails) == 1


@pytest.mark.parametrize(
    "address",
    [
        "lou,eve@exemple.fr",
        "lou@exemple.fr\nBcc: eve@exemple.fr",
        "<eve@exemple.fr>",
        "",
        "lou eve@exemple.fr",
    ],
)
async def test_an_address_is_one_address_or_none(server: MailServer, address: str) -> None:
    assert type(await failure(server.url, f"mail:{address}")) is Refused
    assert server.mails == []


async def test_no_name_or_subject_makes_a_header(server: MailServer) -> None:
    hostile = MAIL | {"subject": "Demande\r\nBcc: eve@exemple.fr\r\n\r\n<b>coucou</b>", "text": "x\r\n.\r\ny"}
    await MailSender(server.url, FROM).deliver(LOU, hostile, repeated=False)
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Demande Bcc: eve@exemple.fr")
    assert server.recipients == [["lou@exemple.fr"]]


@pytest.mark.fault(72)
async def test_what_people_typed_is_no_html(server: MailServer) -> None:
    await MailSender(server.url, FROM).deliver(
        LOU, MAIL | {"text": "<script>x</script> & co"}, repeated=False
    )
    html = server.mails[0].get_body(("html",))
    assert html is not None
    assert "&lt;script&gt;x&lt;/script&gt; &amp; co" in html.get_content()
