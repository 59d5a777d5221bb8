"""Who is told when a monitor fails: mail to a server and JSON to a receiver, both on loopback."""

from __future__ import annotations

import email
import email.policy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from newsscraper.crawl.monitors.watch import Watch
from newsscraper.store import RunReport, write_report
from tests.crawl.histories import SITE, make_report, make_settings, make_stories

PROBLEM = "date: the share of stories that have it fell from 100% to 0% <b>\x1b[31m"


class Mailbox:
    """What came, as aiosmtpd hands it over."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's word)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append((envelope.rcpt_tos, message))
        return "250 OK"


class OnAFreePort(Controller):
    """aiosmtpd asks itself whether it is there, at the port that it was given: it has to know which it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[dict[str, Any]]:
    """The settings that lead to it."""
    server = OnAFreePort(mailbox, hostname="127.0.0.1", port=0, **options)
    server.start()
    try:
        yield {
            "NEWSSCRAPER_NOTIFY": "mail",
            "SPIDERMON_SMTP_HOST": "127.0.0.1",
            "SPIDERMON_SMTP_PORT": server.port,
            "SPIDERMON_EMAIL_SENDER": "crawl@a.example",
            "SPIDERMON_EMAIL_TO": "ann@a.example, bob@a.example",
        }
    finally:
        server.stop()


@contextmanager
def receiver(status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    """Its URL, and what it was sent."""
    came: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", came
    finally:
        server.shutdown()
        server.server_close()


def end(corpus: Path, report: RunReport, settings: dict[str, Any]) -> None:
    """A run ends as `report` has it, two days after one that went well."""
    write_report(corpus, make_report(1, make_stories(12)))
    watch = Watch(make_settings(**settings), corpus)
    watch.find(report)
    report.problems.append(PROBLEM)
    watch.tell(report, Path("corpus/runs/r.json"))


def broken() -> RunReport:
    return make_report(3, make_stories(12, date=None), exit_code=3)


def test_a_mail_says_what_fell_where(tmp_path: Path) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as settings:
        end(tmp_path, broken(), settings)
    ((to, message),) = mailbox.mails
    assert to == ["ann@a.example", "bob@a.example"]
    assert message["Subject"] == f"newsscraper: {SITE}: exit 3"
    assert message["From"] == "crawl@a.example"
    assert message.get_content().splitlines() == [
        f"newsscraper: {SITE}: exit 3",
        r"- date: the share of stories that have it fell from 100% to 0% <b>\x1b[31m",
        "Report: corpus/runs/r.json",
    ]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_server_that_wants_a_password_is_given_it(tmp_path: Path) -> None:
    given: list[LoginPassword] = []

    def check(_server: Any, _session: Any, _envelope: Any, _way: str, data: Any) -> AuthResult:
        given.append(data)
        return AuthResult(success=True)

    mailbox = Mailbox()
    asks = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    with mail_server(mailbox, **asks) as settings:
        end(tmp_path, broken(), settings | {"SPIDERMON_SMTP_USER": "crawl", "SPIDERMON_SMTP_PASSWORD": "x y"})
    assert (given, len(mailbox.mails)) == ([LoginPassword(b"crawl", b"x y")], 1)


def test_a_webhook_is_sent_what_chats_read_and_what_programs_do(tmp_path: Path) -> None:
    with receiver() as (url, came):
        end(tmp_path, broken(), {"NEWSSCRAPER_NOTIFY": "webhook", "NEWSSCRAPER_WEBHOOK": url})
    (sent,) = came
    assert sent["text"] == sent["content"]
    assert sent["text"].startswith(f"newsscraper: {SITE}: exit 3\n- date: the share")
    assert (sent["site"], sent["exit_code"], sent["report"]) == (SITE, 3, "corpus/runs/r.json")


def test_an_action_of_spidermons_own(tmp_path: Path) -> None:
    with receiver() as (url, came):
        settings = {
            "NEWSSCRAPER_NOTIFY": ["spidermon.contrib.actions.discord.SendDiscordMessage"],
            "SPIDERMON_DISCORD_WEBHOOK_URL": url,
            "SPIDERMON_DISCORD_MESSAGE": "{{ data.notice.site }}: {{ monitors_failed }}",
        }
        end(tmp_path, broken(), settings)
    assert came == [{"content": f"{SITE}: True"}]


def test_a_first_run_that_is_refused_is_told_too(tmp_path: Path) -> None:
    refused = make_report(3, [], counts={"refused:http_403": 2}, exit_code=4)
    with receiver() as (url, came):
        watch = Watch(make_settings(NEWSSCRAPER_NOTIFY="webhook", NEWSSCRAPER_WEBHOOK=url), tmp_path)
        assert watch.find(refused) == []
        watch.tell(refused, tmp_path)
    assert [each["exit_code"] for each in came] == [4]


def test_nobody_is_told_of_a_run_that_went_well(tmp_path: Path) -> None:
    with receiver() as (url, came):
        well = make_report(3, make_stories(12))
        end(tmp_path, well, {"NEWSSCRAPER_NOTIFY": "webhook", "NEWSSCRAPER_WEBHOOK": url})
    assert came == []


def test_a_receiver_that_fails_is_a_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with receiver(status=500) as (url, _):
        end(tmp_path, broken(), {"NEWSSCRAPER_NOTIFY": "webhook", "NEWSSCRAPER_WEBHOOK": url})
    assert f"a notice about {SITE} was not sent: WebhookNotice: urllib.error.HTTPError" in caplog.text


def test_a_chat_is_sent_no_more_than_it_takes(tmp_path: Path) -> None:
    with receiver() as (url, came):
        report = broken()
        report.problems.extend(["a long story " * 40] * 9)
        end(tmp_path, report, {"NEWSSCRAPER_NOTIFY": "webhook", "NEWSSCRAPER_WEBHOOK": url})
    assert len(came[0]["text"]) <= 1_900
